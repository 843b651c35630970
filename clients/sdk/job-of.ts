import { type CallerIdentity, credentialsOf } from './caller-identity.ts';
import { jobKeyOf } from './request-handles.ts';
import type { Wanted } from './take-up-request.ts';
import { tokenOf } from './wait-for-access.ts';

/**
 * The name of the job that somebody asks access for. A key of one's own names its caller; a role's keys do not last,
 * so that its profile does.
 */
export async function jobOf(
  { reason, durationSeconds, subjectToken }: Wanted,
  { endpoint, identity }: { endpoint: string; identity: CallerIdentity },
): Promise<string> {
  const { accessKeyId, sessionToken } = await credentialsOf(identity);
  const caller = sessionToken === undefined ? accessKeyId : `profile ${identity.profile ?? ''}`;
  return jobKeyOf({ endpoint, caller, reason, durationSeconds, subjectToken: await tokenOf(subjectToken) });
}
