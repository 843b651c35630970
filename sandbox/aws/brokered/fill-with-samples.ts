import { SUBJECTS } from '../../../demo/principals.ts';
import { folderOfSubject } from '../../../lambdas/shared/domain/identity/subject-forms.ts';
import type { Buckets } from '../buckets/bucket-store.ts';
import type { LogGroups } from '../logs/log-store.ts';
import type { PoolUser } from '../services/cognito.ts';
import type { BrokeredResources } from './resources-of-catalog.ts';

/** The name of what is there from the start, wherever something has a name. */
const SAMPLE = 'sample';

/** The demo's end users, as a user pool has them. */
export const SAMPLE_USERS: readonly PoolUser[] = SUBJECTS.map((username) => ({
  username,
  attributes: { sub: username, email: `${username}@example.com`, email_verified: 'true' },
}));

export const sampleSecret = (name: string): string => JSON.stringify({ [SAMPLE]: `what ${name} holds` });

/**
 * Something to read below every prefix, for each of the demo's subjects where it is divided among them, and in every
 * log group: an account is not empty either.
 */
export function fillWithSamples(
  { prefixes, logGroups }: BrokeredResources,
  buckets: Buckets,
  logs: LogGroups,
): void {
  for (const { bucket, prefix, isOfSubjects, purpose } of prefixes) {
    const folders = isOfSubjects ? SUBJECTS.map((subject) => `${folderOfSubject(subject)}/`) : [''];
    for (const folder of folders) {
      const body = Buffer.from(`${purpose}: a sample of the sandbox.\n`);
      buckets.put(bucket, `${prefix}${folder}${SAMPLE}.txt`, {
        body,
        headers: { 'content-type': 'text/plain; charset=utf-8' },
      });
    }
  }
  for (const group of logGroups) {
    logs.createStream(group, SAMPLE);
    const message = `INFO A sample of the sandbox, in ${group}.`;
    logs.put(logs.stream(group, SAMPLE), [{ timestamp: Date.now(), message }]);
  }
}
