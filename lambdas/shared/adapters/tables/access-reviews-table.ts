import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { GetCommand, PutCommand, paginateQuery, QueryCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import {
  type Access,
  type AccessReview,
  accessReviewSchema,
  accessSchema,
  type CurrentReview,
  currentReviewSchema,
  type ReviewItem,
  reviewItemSchema,
  type Used,
  usedSchema,
} from '../../domain/access-reviews/access-review.ts';
import { digestOfItem } from '../../domain/access-reviews/digest-of-item.ts';
import { callAws, itemsIn, tryWrite } from '../runtime/call-aws.ts';
import { overVersion } from './over-version.ts';

const SERVICE = 'access reviews table';
/** Where reviews stand; their items stand under their own ids. */
const REVIEWS = '_reviews';
const CURRENT = '_current';
const ITEM = 'item#';
const ACCESS = 'access#';

/** Reviews that a list has. */
const MOST_LISTED = 50;

const keyed = { review: z.string(), item: z.string() };
const currentRowSchema = currentReviewSchema.extend(keyed);
const reviewRowSchema = accessReviewSchema.extend(keyed);
const itemRowSchema = reviewItemSchema.extend(keyed);
const accessRowSchema = z.strictObject({ ...keyed, access: accessSchema, used: usedSchema });

/** A row without its keys. */
function unkeyed<Row extends { review: string; item: string }>({ review: _, item: __, ...rest }: Row) {
  return rest;
}

export type ItemPage = { readonly items: ReviewItem[]; readonly next?: string };

/** Access reviews, their items, and what each principal could come by when it was looked at. */
export function makeAccessReviewsTable(deps: { client: DynamoDBDocumentClient; tableName: string }) {
  const { client, tableName: TableName } = deps;

  async function get(review: string, item: string): Promise<Record<string, unknown> | undefined> {
    const { Item } = await callAws(SERVICE, () =>
      client.send(new GetCommand({ TableName, Key: { review, item }, ConsistentRead: true })),
    );
    return Item;
  }

  const put = (Item: Record<string, unknown>, baseVersion: number): Promise<boolean> =>
    tryWrite(SERVICE, () =>
      client.send(new PutCommand({ TableName, Item, ...overVersion('review', baseVersion) })),
    );

  const itemsOf = (reviewId: string) => ({
    TableName,
    KeyConditionExpression: '#review = :review AND begins_with(#item, :item)',
    ExpressionAttributeNames: { '#review': 'review', '#item': 'item' },
    ExpressionAttributeValues: { ':review': reviewId, ':item': ITEM },
  });

  return {
    /** The review that was opened last. */
    async current(): Promise<CurrentReview | undefined> {
      const row = await get(REVIEWS, CURRENT);
      return row && unkeyed(currentRowSchema.parse(row));
    },

    /** Opens a review over the one that was read (0: there was none). False where somebody else opened one meanwhile. */
    setCurrent: async (current: CurrentReview, baseVersion: number): Promise<boolean> =>
      put(currentRowSchema.parse({ ...current, review: REVIEWS, item: CURRENT }), baseVersion),

    async review(reviewId: string): Promise<AccessReview | undefined> {
      const row = await get(REVIEWS, reviewId);
      return row && unkeyed(reviewRowSchema.parse(row));
    },

    /** Writes a review over the version it was read at (0: it must be new). False where that moved on. */
    writeReview: async (review: AccessReview, baseVersion: number): Promise<boolean> =>
      put(reviewRowSchema.parse({ ...review, review: REVIEWS, item: review.reviewId }), baseVersion),

    /** The latest reviews, the newest first. */
    async reviews(): Promise<AccessReview[]> {
      const { Items = [] } = await callAws(SERVICE, () =>
        client.send(
          new QueryCommand({
            TableName,
            ConsistentRead: true,
            KeyConditionExpression: '#review = :review AND begins_with(#item, :item)',
            ExpressionAttributeNames: { '#review': 'review', '#item': 'item' },
            ExpressionAttributeValues: { ':review': REVIEWS, ':item': 'access_review-' },
            ScanIndexForward: false,
            Limit: MOST_LISTED,
          }),
        ),
      );
      return Items.map((row) => unkeyed(reviewRowSchema.parse(row)));
    },

    async item(reviewId: string, principalId: string): Promise<ReviewItem | undefined> {
      const row = await get(reviewId, `${ITEM}${principalId}`);
      return row && unkeyed(itemRowSchema.parse(row));
    },

    /** Writes an item over the version it was read at (0: it must be new). False where that moved on. */
    writeItem: async (item: ReviewItem, baseVersion: number): Promise<boolean> =>
      put(
        itemRowSchema.parse({ ...item, review: item.reviewId, item: `${ITEM}${item.principalId}` }),
        baseVersion,
      ),

    /** All items of a review, page by page. */
    async *items(reviewId: string): AsyncGenerator<ReviewItem> {
      const query = { ...itemsOf(reviewId), ConsistentRead: true };
      for await (const row of itemsIn(SERVICE, paginateQuery({ client }, query)))
        yield unkeyed(itemRowSchema.parse(row));
    },

    /** So many items of a review, by their principals' ids, behind one of them. */
    async page(reviewId: string, limit: number, after?: string): Promise<ItemPage> {
      const { Items = [], LastEvaluatedKey } = await callAws(SERVICE, () =>
        client.send(
          new QueryCommand({
            ...itemsOf(reviewId),
            ConsistentRead: true,
            Limit: limit,
            ...(after !== undefined && {
              ExclusiveStartKey: { review: reviewId, item: `${ITEM}${after}` },
            }),
          }),
        ),
      );
      const items = Items.map((row) => unkeyed(itemRowSchema.parse(row)));
      const last = items.at(-1);
      return { items, ...(LastEvaluatedKey && last && { next: last.principalId }) };
    },

    /** What an item's principal could come by, as the item names it by digest. */
    async access({
      reviewId,
      principalId,
      digest,
    }: Pick<ReviewItem, 'reviewId' | 'principalId' | 'digest'>): Promise<
      { readonly access: Access; readonly used: Used } | undefined
    > {
      const row = await get(reviewId, `${ACCESS}${principalId}#${digest}`);
      if (!row) return undefined;
      const { access, used } = accessRowSchema.parse(row);
      return { access, used };
    },

    /** Writes what a principal could come by, under its digest. Its item is written after it. */
    async writeAccess(reviewId: string, access: Access, used: Used): Promise<void> {
      const item = `${ACCESS}${access.principalId}#${digestOfItem(access, used)}`;
      const Item = accessRowSchema.parse({ review: reviewId, item, access, used });
      await callAws(SERVICE, () => client.send(new PutCommand({ TableName, Item })));
    },
  };
}
export type AccessReviewsTable = ReturnType<typeof makeAccessReviewsTable>;
