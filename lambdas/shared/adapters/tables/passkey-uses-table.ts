import { type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { Passkey } from '../../domain/approvals/passkey.ts';
import { type PasskeyUse, passkeyUseSchema } from '../../domain/approvals/passkey-use.ts';
import { digestOf } from '../../domain/digest.ts';
import { callAws, tryWrite } from '../runtime/call-aws.ts';

/**
 * The last use of each passkey, in the approvals table. It never expires: a copy of a key may be used years later.
 * INVARIANT: its partition key begins so; IAM tells uses from votes by that alone, and nobody but TallyVotes has them.
 * INVARIANT: it is of a key, not of an id, which is no secret: somebody else who enrols the id with a key of theirs counts
 * for themselves.
 */
const keyOf = ({ id, publicKey }: Passkey) => ({
  requestId: `passkey#${digestOf({ id, publicKey })}`,
  item: 'use',
});

export function makePasskeyUses(deps: { client: DynamoDBDocumentClient; tableName: string }) {
  const { client, tableName: TableName } = deps;
  return {
    async last(passkey: Passkey): Promise<PasskeyUse | undefined> {
      const { Item } = await callAws('approvals table', () =>
        client.send(new GetCommand({ TableName, Key: keyOf(passkey), ConsistentRead: true })),
      );
      // INVARIANT: one that cannot be read stops the tally. As none, it would let any counter pass.
      return Item && passkeyUseSchema.parse(Item);
    },

    /** Keeps a use as the last. False where another was kept since `before` was read. */
    async keep(passkey: Passkey, use: PasskeyUse, before: PasskeyUse | undefined): Promise<boolean> {
      const Item = { ...keyOf(passkey), ...passkeyUseSchema.parse(use) };
      const unchanged = before
        ? {
            ConditionExpression: '#counter = :counter AND ballotDigest = :ballot',
            ExpressionAttributeNames: { '#counter': 'counter' },
            ExpressionAttributeValues: { ':counter': before.counter, ':ballot': before.ballotDigest },
          }
        : {
            ConditionExpression: 'attribute_not_exists(#item)',
            ExpressionAttributeNames: { '#item': 'item' },
          };
      return tryWrite('approvals table', () =>
        client.send(new PutCommand({ TableName, Item, ...unchanged })),
      );
    },
  };
}
export type PasskeyUses = ReturnType<typeof makePasskeyUses>;
