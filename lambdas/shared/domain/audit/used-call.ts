/** One AWS call that was made with a brokered session. */
export type UsedCall = {
  readonly at: string;
  /** The principal: STS's source identity, which nobody can change down a chain. */
  readonly principalId: string;
  readonly sessionName: string;
  /** As IAM names it, e.g. `dynamodb:GetItem`. */
  readonly action: string;
  /** ARNs that it touched; empty where the log names none. */
  readonly resources: readonly string[];
  /** As the answer's header had it; absent where the log has none. */
  readonly awsRequestId?: string;
  readonly allowed: boolean;
};
