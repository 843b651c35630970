import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { ACCOUNT_ID } from '../../demo/place.ts';
import type { Principal } from '../../lambdas/shared/domain/principal.ts';
import { newKey } from '../../sandbox/seed/demo-keys.ts';
import type { Cloud } from '../support/start-cloud.ts';

const JOBS = {
  /** Is granted nothing without an approval. */
  clerk: {
    group: 'employees',
    policy: 'Works in the branch. May look up a customer profile for a case at hand.',
  },
  /** Is granted operational metrics at once. */
  analyst: { group: 'analysts', policy: 'Analyses how the bank runs. May read operational metrics.' },
} as const;

/** Where a hired principal calls from. */
export const arnOfHired = (id: string): string => `arn:aws:iam::${ACCOUNT_ID}:user/${id}`;

/** Adds principals like the demo's, each with a key and an audit chain of their own; answers their ids. */
export async function hire(
  { aws, access, database }: Pick<Cloud, 'aws' | 'access' | 'database'>,
  count: number,
  job: keyof typeof JOBS,
  prefix: string = job,
): Promise<string[]> {
  const { group, policy: text } = JOBS[job];
  const ids = Array.from({ length: count }, (_, nth) => `${prefix}_${nth}`);
  for (const id of ids) {
    const arn = arnOfHired(id);
    const principal: Principal = {
      id,
      type: 'human',
      status: 'active',
      groups: [group],
      awsPrincipals: [arn],
      persons: [id],
      subjectIssuers: [],
      subjectRequired: false,
      version: 1,
    };
    const policy = { principalId: id, text, version: 1 };
    await Promise.all([
      database.send(new PutCommand({ TableName: 'users_table', Item: principal })),
      database.send(new PutCommand({ TableName: 'policy_table', Item: policy })),
      database.send(new PutCommand({ TableName: 'postern_aws_principals', Item: { arn, principalId: id } })),
    ]);
    const key = newKey();
    access.principals[id] = key;
    aws.credentials.add({
      ...key,
      caller: {
        accountId: ACCOUNT_ID,
        arn,
        userId: `AIDA${key.accessKeyId.slice(4)}`,
        accessKeyId: key.accessKeyId,
        identityPolicies: [{ Statement: [{ Effect: 'Allow', Action: 'execute-api:Invoke', Resource: '*' }] }],
        principalTags: {},
      },
    });
  }
  return ids;
}
