import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { type RememberedReview, rememberedReviewSchema } from '../../domain/limits/remembered-review.ts';
import { callAws, tryWrite } from '../runtime/call-aws.ts';

/** Reviews that may serve again, by keyOfReview. DynamoDB removes them late, so their time is looked at besides. */
export function makeReviewsTable({
  client,
  tableName: TableName,
}: {
  client: DynamoDBDocumentClient;
  tableName: string;
}) {
  return {
    async get(key: string): Promise<RememberedReview | undefined> {
      const { Item } = await callAws('reviews table', () =>
        client.send(new GetCommand({ TableName, Key: { key }, ConsistentRead: true })),
      );
      return Item && rememberedReviewSchema.parse(Item);
    },

    /** Keeps a review. False where the one that is kept is as late: it stays. */
    async keep(review: RememberedReview): Promise<boolean> {
      const Item = rememberedReviewSchema.parse(review);
      return tryWrite('reviews table', () =>
        client.send(
          new PutCommand({
            TableName,
            Item,
            ConditionExpression: 'attribute_not_exists(#key) OR reviewedAt < :reviewedAt',
            ExpressionAttributeNames: { '#key': 'key' },
            ExpressionAttributeValues: { ':reviewedAt': Item.reviewedAt },
          }),
        ),
      );
    },
  };
}
export type ReviewsTable = ReturnType<typeof makeReviewsTable>;
