import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { PolicyMissing } from '../../domain/errors.ts';
import { type Policy, policySchema } from '../../domain/principal.ts';
import { callAws, tryWrite } from '../runtime/call-aws.ts';
import { overVersion } from './over-version.ts';

/** The policy texts, one a principal. */
export function makePoliciesTable(deps: { client: DynamoDBDocumentClient; tableName: string }) {
  const { client, tableName: TableName } = deps;
  return {
    async get(principalId: string): Promise<Policy | undefined> {
      const { Item } = await callAws('policies table', () =>
        client.send(new GetCommand({ TableName, Key: { principalId }, ConsistentRead: true })),
      );
      if (!Item) return undefined;
      const policy = policySchema.safeParse(Item);
      if (!policy.success) throw new PolicyMissing('the policy text is empty or larger than 16 kB');
      return policy.data;
    },

    /** Writes a policy over the version it was based on (0: it must be new). False where that moved on. */
    async write(policy: Policy, baseVersion: number): Promise<boolean> {
      const Item = policySchema.parse(policy);
      return tryWrite('policies table', () =>
        client.send(new PutCommand({ TableName, Item, ...overVersion('principalId', baseVersion) })),
      );
    },
  };
}
