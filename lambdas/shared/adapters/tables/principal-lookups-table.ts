import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { DeleteCommand, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';
import { type Principal, principalIdSchema } from '../../domain/principal.ts';
import { callAws, tryWrite } from '../runtime/call-aws.ts';

const lookupSchema = z.object({ arn: z.string().min(1), principalId: principalIdSchema });

/** The lookup key of a Slack user. */
const slackKey = (slackUserId: string) => `slack:${slackUserId}`;

/** The lookup keys a principal should have: its AWS principals and its Slack user. */
function lookupKeysOf(principal: Principal): string[] {
  return [...principal.awsPrincipals, ...(principal.slackUserId ? [slackKey(principal.slackUserId)] : [])];
}

/**
 * From what a principal calls with (an IAM ARN, a Slack user) to the principal.
 * INVARIANT: a lookup is only a hint. The principal it leads to must itself list the ARN or the Slack user,
 * so that a lookup left behind by an older version can never widen anything.
 */
export function makePrincipalLookups(deps: {
  client: DynamoDBDocumentClient;
  tableName: string;
  principals: { get(id: string): Promise<Principal | undefined> };
}) {
  const { client, tableName: TableName, principals } = deps;

  async function find(key: string): Promise<Principal | undefined> {
    const { Item } = await callAws('principal lookups table', () =>
      client.send(new GetCommand({ TableName, Key: { arn: key }, ConsistentRead: true })),
    );
    const lookup = lookupSchema.safeParse(Item);
    if (!lookup.success) return undefined;
    const principal = await principals.get(lookup.data.principalId);
    return principal && lookupKeysOf(principal).includes(key) ? principal : undefined;
  }

  /** Points a lookup at a principal, unless it points at another already: then false. */
  async function point(key: string, principalId: string): Promise<boolean> {
    const Item = lookupSchema.parse({ arn: key, principalId });
    return tryWrite('principal lookups table', () =>
      client.send(
        new PutCommand({
          TableName,
          Item,
          ConditionExpression: 'attribute_not_exists(arn) OR principalId = :id',
          ExpressionAttributeValues: { ':id': principalId },
        }),
      ),
    );
  }

  /** Removes a lookup that points at this principal; one that points elsewhere stays. */
  const remove = (key: string, principalId: string): Promise<boolean> =>
    tryWrite('principal lookups table', () =>
      client.send(
        new DeleteCommand({
          TableName,
          Key: { arn: key },
          ConditionExpression: 'principalId = :id',
          ExpressionAttributeValues: { ':id': principalId },
        }),
      ),
    );

  return {
    /** The principal that calls with this IAM user or role ARN, in its registered form. */
    findByAwsArn: (arn: string): Promise<Principal | undefined> => find(arn),

    findBySlackUser: (slackUserId: string): Promise<Principal | undefined> => find(slackKey(slackUserId)),

    /** Points what a principal calls with at it. False where any of it points at another already. */
    async claim(principal: Principal): Promise<boolean> {
      const written = await Promise.all(lookupKeysOf(principal).map((key) => point(key, principal.id)));
      return !written.includes(false);
    },

    /** Removes what these versions of a principal called with and the one that stands does not. */
    async release(versions: readonly Principal[], standing: Principal | undefined): Promise<void> {
      const kept = new Set(standing ? lookupKeysOf(standing) : []);
      await Promise.all(
        versions.flatMap((version) =>
          lookupKeysOf(version)
            .filter((key) => !kept.has(key))
            .map((key) => remove(key, version.id)),
        ),
      );
    },
  };
}
