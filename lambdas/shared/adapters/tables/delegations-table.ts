import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { GetCommand, PutCommand, QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { type Delegation, delegationSchema } from '../../domain/identity/delegation.ts';
import { callAws, tryWrite } from '../runtime/call-aws.ts';

/** Sessions of the gateway that are listed: the newest. */
const MOST_LISTED = 50;

/** The delegations by which gateways ask. Reads are strongly consistent, so that one that was ended asks nothing more. */
export function makeDelegationsTable(deps: { client: DynamoDBDocumentClient; tableName: string }) {
  const { client, tableName: TableName } = deps;
  return {
    /** False where a delegation of that id exists already; it is left as it is. */
    async create(delegation: Delegation): Promise<boolean> {
      const Item = delegationSchema.parse(delegation);
      return tryWrite('delegations table', () =>
        client.send(
          new PutCommand({ TableName, Item, ConditionExpression: 'attribute_not_exists(sessionId)' }),
        ),
      );
    },

    async get(sessionId: string): Promise<Delegation | undefined> {
      const { Item } = await callAws('delegations table', () =>
        client.send(new GetCommand({ TableName, Key: { sessionId }, ConsistentRead: true })),
      );
      return Item && delegationSchema.parse(Item);
    },

    /** A principal's, newest first. */
    async listByPrincipal(principalId: string): Promise<Delegation[]> {
      const { Items = [] } = await callAws('delegations table', () =>
        client.send(
          new QueryCommand({
            TableName,
            IndexName: 'byPrincipal',
            KeyConditionExpression: 'principalId = :principalId',
            ExpressionAttributeValues: { ':principalId': principalId },
            ScanIndexForward: false,
            Limit: MOST_LISTED,
          }),
        ),
      );
      return Items.map((item) => delegationSchema.parse(item));
    },

    /** Ends it, once; who was first stays. */
    async end(sessionId: string, ended: NonNullable<Delegation['ended']>): Promise<boolean> {
      const parsed = delegationSchema.shape.ended.unwrap().parse(ended);
      return tryWrite('delegations table', () =>
        client.send(
          new UpdateCommand({
            TableName,
            Key: { sessionId },
            UpdateExpression: 'SET ended = :ended',
            ConditionExpression: 'attribute_exists(sessionId) AND attribute_not_exists(ended)',
            ExpressionAttributeValues: { ':ended': parsed },
          }),
        ),
      );
    },
  };
}
export type DelegationsTable = ReturnType<typeof makeDelegationsTable>;
