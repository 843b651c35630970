import { AssumeRoleCommand, type STSClient, STSServiceException } from '@aws-sdk/client-sts';
import { IssueInDoubt } from '../../domain/errors.ts';
import type { SessionAnswer, SessionRequest } from '../../domain/session.ts';

/** The API's name for it, and the SDK's. */
const TOO_LARGE = new Set(['PackedPolicyTooLarge', 'PackedPolicyTooLargeException']);

/**
 * Whether STS said no. An answer that broke off, or cannot be read, carries STS's status too, and that status is
 * 200: a session was made.
 */
const refusedBySts = (error: unknown): error is STSServiceException =>
  error instanceof STSServiceException && (error.$metadata.httpStatusCode ?? 0) >= 400;

/**
 * Mints brokered sessions.
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
 */
export function makeSessions(deps: { client: STSClient }) {
  return {
    async mint(request: SessionRequest): Promise<SessionAnswer> {
      try {
        const { Credentials, AssumedRoleUser } = await deps.client.send(
          new AssumeRoleCommand({
            RoleArn: request.roleArn,
            RoleSessionName: request.sessionName,
            SourceIdentity: request.sourceIdentity,
            Policy: request.sessionPolicy,
            DurationSeconds: request.durationSeconds,
            Tags: Object.entries(request.tags).map(([Key, Value]) => ({ Key, Value })),
          }),
        );
        const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = Credentials ?? {};
        const { Arn, AssumedRoleId } = AssumedRoleUser ?? {};
        if (!AccessKeyId || !SecretAccessKey || !SessionToken || !Expiration || !Arn || !AssumedRoleId) {
          throw new Error('STS answered without credentials');
        }
        return {
          kind: 'minted',
          assumedRoleArn: Arn,
          assumedRoleId: AssumedRoleId,
          credentials: {
            accessKeyId: AccessKeyId,
            secretAccessKey: SecretAccessKey,
            sessionToken: SessionToken,
            expiration: Expiration.toISOString(),
          },
        };
      } catch (error) {
        if (!refusedBySts(error)) throw new IssueInDoubt('STS did not answer; ask again', { cause: error });
        return { kind: TOO_LARGE.has(error.name) ? 'too_large' : 'refused', code: error.name };
      }
    },
  };
}
