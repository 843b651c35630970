import { type CallerIdentity, credentialsOf } from './caller-identity.ts';
import { jobKeyOf } from './request-handles.ts';
import type { Wanted } from './take-up-request.ts';
import { readTokenClaims } from './token-identity.ts';
import { tokenOf } from './wait-for-access.ts';

/**
 * Who asks, by what stays the same from call to call: a token's subject, and who acts; a key of one's own; or the
 * profile of keys that do not last.
 */
export async function callerOf(identity: CallerIdentity): Promise<string> {
  if (identity.token) {
    const { issuer, subject, actor } = readTokenClaims(await identity.token());
    return `token ${JSON.stringify([issuer, subject, actor ?? null])}`;
  }
  const { accessKeyId, sessionToken } = await credentialsOf(identity);
  return sessionToken === undefined ? accessKeyId : `profile ${identity.profile ?? ''}`;
}

/** The name of the job that somebody asks access for. */
export async function jobOf(
  { reason, job, references, durationSeconds, subjectToken }: Wanted,
  { endpoint, identity }: { endpoint: string; identity: CallerIdentity },
): Promise<string> {
  const caller = await callerOf(identity);
  const subject = await tokenOf(subjectToken);
  return jobKeyOf({ endpoint, caller, reason, job, references, durationSeconds, subjectToken: subject });
}
