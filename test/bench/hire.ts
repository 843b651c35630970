import { PutCommand } from '@aws-sdk/lib-dynamodb';
import type { Principal } from '../../lambdas/shared/domain/principal.ts';
import { ACCOUNT_ID } from '../../sandbox/place.ts';
import { newKey } from '../../sandbox/seed/demo-keys.ts';
import type { Cloud } from '../support/start-cloud.ts';

/** Adds principals like the demo's employee, each with a key of their own; answers their ids. */
export async function hireClerks({ aws, access, database }: Cloud, count: number): Promise<string[]> {
  const ids = Array.from({ length: count }, (_, nth) => `clerk_${nth}`);
  for (const id of ids) {
    const arn = `arn:aws:iam::${ACCOUNT_ID}:user/${id}`;
    const principal: Principal = {
      id,
      type: 'human',
      status: 'active',
      groups: ['employees'],
      awsPrincipals: [arn],
      persons: [id],
      subjectIssuers: [],
      subjectRequired: false,
      version: 1,
    };
    const text = 'Works in the branch. May look up a customer profile for a case at hand.';
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
