import * as z from 'zod';
import {
  accessReviewSchema,
  accessSchema,
  reviewIdSchema,
  reviewItemSchema,
  takenSchema,
  usedSchema,
} from '../shared/domain/access-reviews/access-review.ts';
import { principalIdSchema } from '../shared/domain/principal.ts';
import type { OperationSpec } from '../shared/http/operation.ts';
import { referencesField, whySchema } from '../shared/requests/new-request.ts';

const reviewViewSchema = accessReviewSchema.omit({ told: true, version: true }).extend({
  mayDecide: z.boolean().describe('Whether the caller is one of its reviewers.'),
});
export type AccessReviewView = z.infer<typeof reviewViewSchema>;

const itemViewSchema = reviewItemSchema
  .omit({ madeFrom: true, recorded: true, version: true, reviewId: true })
  .extend({
    overdue: z.boolean().describe('The time is over, and it is neither kept nor taken away.'),
    mayDecide: z
      .boolean()
      .describe('False of the caller’s own access and their agents’, and once it is decided.'),
  });
export type ReviewItemView = z.infer<typeof itemViewSchema>;

export const accessReviewListSchema = z
  .object({
    reviews: z.array(reviewViewSchema),
    mayOpen: z.boolean().describe('Whether the caller may have one opened now.'),
  })
  .meta({ id: 'AccessReviewList' });
export type AccessReviewList = z.infer<typeof accessReviewListSchema>;

export const accessReviewPageSchema = z
  .object({
    review: reviewViewSchema,
    items: z.array(itemViewSchema),
    nextCursor: z.string().optional().describe('Absent on the last page.'),
  })
  .meta({ id: 'AccessReviewPage' });
export type AccessReviewPage = z.infer<typeof accessReviewPageSchema>;

export const reviewItemDetailSchema = z
  .object({ review: reviewViewSchema, item: itemViewSchema, access: accessSchema, used: usedSchema })
  .meta({ id: 'AccessReviewItem' });
export type ReviewItemDetail = z.infer<typeof reviewItemDetailSchema>;

export const openedReviewSchema = z
  .object({ reviewId: reviewIdSchema, state: z.literal('opening') })
  .meta({ id: 'OpenedAccessReview' });

const pathId = { schema: reviewIdSchema, description: 'The access review’s id.' };
const pathItem = { schema: principalIdSchema, description: 'The principal whose access it is.' };
const noQuery = z.strictObject({});
const READ = ['access_review_refused', 'access_review_not_found'] as const;

export const listAccessReviewsSpec = {
  id: 'listAccessReviews',
  onlyAsks: true,
  method: 'GET',
  path: '/access-reviews',
  summary: 'Access reviews, the newest first.',
  description: 'For their reviewers and auditors: see docs/access-reviews.md.',
  signed: true,
  query: noQuery,
  body: z.undefined(),
  answers: { 200: { description: 'The reviews.', schema: accessReviewListSchema } },
  problems: ['access_review_refused'],
} as const satisfies OperationSpec;

export const openAccessReviewSpec = {
  id: 'openAccessReview',
  method: 'POST',
  path: '/access-reviews',
  summary: 'Open an access review now.',
  description:
    'By a reviewer or an auditor, while none is open. Its items are there within minutes, more of them where there are many principals.',
  signed: true,
  query: noQuery,
  body: z.strictObject({}),
  answers: { 202: { description: 'It is being opened.', schema: openedReviewSchema } },
  problems: ['access_review_refused', 'access_review_open'],
} as const satisfies OperationSpec;

export const getAccessReviewSpec = {
  id: 'getAccessReview',
  onlyAsks: true,
  method: 'GET',
  path: '/access-reviews/{id}',
  summary: 'An access review, and a page of its items.',
  signed: true,
  pathId,
  query: z.strictObject({
    limit: z
      .string()
      .regex(/^([1-9][0-9]?|100)$/, 'must be a number, 1 to 100')
      .transform(Number)
      .optional()
      .describe('Most items to answer: 1 to 100, 50 unless told.'),
    cursor: principalIdSchema.optional().describe("The last answer's `nextCursor`."),
  }),
  body: z.undefined(),
  answers: { 200: { description: 'The review.', schema: accessReviewPageSchema } },
  problems: READ,
} as const satisfies OperationSpec;

export const getReviewItemSpec = {
  id: 'getAccessReviewItem',
  onlyAsks: true,
  method: 'GET',
  path: '/access-reviews/{id}/items/{item}',
  summary: 'One item: what the principal could come by, and what it used of it.',
  signed: true,
  pathId,
  pathItem,
  query: noQuery,
  body: z.undefined(),
  answers: { 200: { description: 'The item.', schema: reviewItemDetailSchema } },
  problems: READ,
} as const satisfies OperationSpec;

const said = {
  rationale: whySchema(10, 1500).describe('Why; recorded, and of a removal the reason of the change.'),
  digest: z.string().max(100).describe('The item’s `digest`, as it was shown.'),
};

export const decideItemSpec = {
  id: 'decideAccessReviewItem',
  method: 'POST',
  path: '/access-reviews/{id}/items/{item}',
  summary: 'Keep a principal’s access, or have it taken away.',
  description:
    'By a reviewer, of others’ access alone. `remove` proposes a change of the principal, which others approve as any change: the item is done once that is applied, and open again where it is not.',
  signed: true,
  pathId,
  pathItem,
  query: noQuery,
  body: z.discriminatedUnion('decision', [
    z.strictObject({ decision: z.literal('keep'), ...said }),
    z.strictObject({
      decision: z.literal('remove'),
      ...said,
      taken: takenSchema
        .optional()
        .describe('Groups and jobs alone that are taken away; without it the principal is suspended.'),
      references: referencesField.optional(),
    }),
  ]),
  answers: { 200: { description: 'The item, decided.', schema: reviewItemDetailSchema } },
  problems: [
    ...READ,
    'item_changed',
    'item_decided',
    'removal_refused',
    'idempotency_conflict',
    'limit_reached',
    'requests_suspended',
  ],
} as const satisfies OperationSpec;

export const ACCESS_REVIEW_SPECS: readonly OperationSpec[] = [
  listAccessReviewsSpec,
  openAccessReviewSpec,
  getAccessReviewSpec,
  getReviewItemSpec,
  decideItemSpec,
];
