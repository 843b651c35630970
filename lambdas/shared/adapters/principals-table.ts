import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { DeleteCommand, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { type Principal, principalSchema } from '../domain/principal.ts';
import { callAws, tryWrite } from './call-aws.ts';

/** The lookup key of a Slack user. */
export const slackLookupKey = (slackUserId: string) => `slack:${slackUserId}`;

/**
 * Principals, and the lookups from what they call with.
 * INVARIANT: a lookup is only a hint. The principal it leads to must itself list the ARN or the Slack user,
 * so that a lookup left behind by an older version can never widen anything.
 */
export function makePrincipalsTable(deps: {
  client: DynamoDBDocumentClient;
  principalsTable: string;
  awsPrincipalsTable: string;
}) {
  const { client } = deps;

  async function get(id: string): Promise<Principal | undefined> {
    const { Item } = await callAws('principals table', () =>
      client.send(new GetCommand({ TableName: deps.principalsTable, Key: { id }, ConsistentRead: true })),
    );
    return Item && principalSchema.parse(Item);
  }

  async function lookUp(arn: string): Promise<Principal | undefined> {
    const { Item } = await callAws('principals lookup table', () =>
      client.send(new GetCommand({ TableName: deps.awsPrincipalsTable, Key: { arn }, ConsistentRead: true })),
    );
    return typeof Item?.principalId === 'string' ? get(Item.principalId) : undefined;
  }

  return {
    get,

    /** The principal that calls with this IAM user or role ARN, in its registered form. */
    async findByAwsArn(arn: string): Promise<Principal | undefined> {
      const principal = await lookUp(arn);
      return principal?.awsPrincipals.includes(arn) ? principal : undefined;
    },

    async findBySlackUser(slackUserId: string): Promise<Principal | undefined> {
      const principal = await lookUp(slackLookupKey(slackUserId));
      return principal?.slackUserId === slackUserId ? principal : undefined;
    },

    /** Writes a principal over the version it was based on (0: it must be new). False where that moved on. */
    write: (principal: Principal, baseVersion: number): Promise<boolean> =>
      tryWrite('principals table', () =>
        client.send(
          new PutCommand({
            TableName: deps.principalsTable,
            Item: principal,
            ...(baseVersion === 0
              ? { ConditionExpression: 'attribute_not_exists(id)' }
              : {
                  ConditionExpression: '#version = :base',
                  ExpressionAttributeNames: { '#version': 'version' },
                  ExpressionAttributeValues: { ':base': baseVersion },
                }),
          }),
        ),
      ),

    /** Points a lookup at a principal, unless it points at another already. */
    writeLookup: (arn: string, principalId: string): Promise<boolean> =>
      tryWrite('principals lookup table', () =>
        client.send(
          new PutCommand({
            TableName: deps.awsPrincipalsTable,
            Item: { arn, principalId },
            ConditionExpression: 'attribute_not_exists(arn) OR principalId = :id',
            ExpressionAttributeValues: { ':id': principalId },
          }),
        ),
      ),

    /** Removes a lookup that points at this principal. */
    deleteLookup: (arn: string, principalId: string): Promise<boolean> =>
      tryWrite('principals lookup table', () =>
        client.send(
          new DeleteCommand({
            TableName: deps.awsPrincipalsTable,
            Key: { arn },
            ConditionExpression: 'principalId = :id',
            ExpressionAttributeValues: { ':id': principalId },
          }),
        ),
      ),
  };
}
export type PrincipalsTable = ReturnType<typeof makePrincipalsTable>;
