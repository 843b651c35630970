/** What a kind's builder is given: one grant on one catalog resource, for one subject or none. */
export type GrantOnResource = {
  readonly actions: readonly string[];
  readonly arns: readonly string[];
  readonly subjectId?: string;
  /** Of a subject's rows: their partition key. */
  readonly rowKey?: string;
  /** Of a secret: its ARNs end in the six characters that AWS drew. */
  readonly wholeArns?: boolean;
};
