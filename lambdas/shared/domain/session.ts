import * as z from 'zod';

/** What a sealed session holds, once opened. Secrets: never logged, never stored, never in a workflow state. */
export const sessionCredentialsSchema = z.object({
  accessKeyId: z.string(),
  secretAccessKey: z.string(),
  sessionToken: z.string(),
  expiration: z.iso.datetime(),
  assumedRoleArn: z.string(),
});
export type SessionCredentials = z.infer<typeof sessionCredentialsSchema>;

/** One session to mint: the role, narrowed by the session policy, named for who gets it. */
export type SessionRequest = {
  readonly roleArn: string;
  readonly sessionName: string;
  /** The principal's id: it stays on every call made with the session, and cannot change down a chain. */
  readonly sourceIdentity: string;
  readonly sessionPolicy: string;
  readonly durationSeconds: number;
  readonly tags: Readonly<Record<string, string>>;
};

/**
 * What STS answered. `refused` and `too_large` mean that STS said no and minted nothing; a call whose answer
 * was lost throws IssueInDoubt instead, because a session may exist.
 */
export type SessionAnswer =
  | {
      readonly kind: 'minted';
      readonly credentials: Omit<SessionCredentials, 'assumedRoleArn'>;
      readonly assumedRoleArn: string;
      /** The session's `aws:userid`. */
      readonly assumedRoleId: string;
    }
  | { readonly kind: 'too_large' | 'refused'; readonly code: string };
