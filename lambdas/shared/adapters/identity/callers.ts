import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { type Delegation, delegationSchema } from '../../domain/identity/delegation.ts';
import { type Principal, principalSchema } from '../../domain/principal.ts';
import { makeReadTogether } from '../runtime/read-together.ts';

/**
 * Who calls a gateway, as it stands now: its delegation and its principal, which are looked at before each call and are
 * one request where both are asked for at once. Reads are strongly consistent: an end and a suspension count at once.
 */
export function makeCallers(deps: {
  client: DynamoDBDocumentClient;
  delegationsTable: string;
  principalsTable: string;
}) {
  const read = makeReadTogether(deps.client);
  return {
    delegations: {
      async get(value: string): Promise<Delegation | undefined> {
        const item = await read({ tableName: deps.delegationsTable, attribute: 'sessionId', value });
        return item && delegationSchema.parse(item);
      },
    },
    principals: {
      async get(value: string): Promise<Principal | undefined> {
        const item = await read({ tableName: deps.principalsTable, attribute: 'id', value });
        return item && principalSchema.parse(item);
      },
    },
  };
}
