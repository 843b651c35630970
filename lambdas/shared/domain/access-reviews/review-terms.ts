import * as z from 'zod';

const group = z.string().regex(/^[a-z][a-z0-9-]{0,63}$/);

export const accessReviewsSchema = z
  .strictObject({
    /** Days from the opening of one to that of the next; without it one is opened by hand alone. */
    everyDays: z.number().int().min(7).max(366).optional(),
    /** Days in which its items are to be decided. */
    openDays: z.number().int().min(1).max(90).default(14),
    /** Days before the end at which reviewers are reminded. */
    remindDays: z.number().int().min(1).max(30).default(3),
    /** Whose members decide: never on themselves, nor on an agent of theirs. */
    reviewerGroup: group,
    /** Slack channel, with its `#`, or a channel id. */
    channel: z.string().min(2).max(80),
    /** Only principals in one of these groups; everybody where it is left out. */
    groups: z.array(group).min(1).max(50).optional(),
  })
  .refine(({ remindDays, openDays }) => remindDays <= openDays, {
    message: 'must be at most openDays',
    path: ['remindDays'],
  })
  .refine(({ everyDays, openDays }) => everyDays === undefined || everyDays >= openDays, {
    message: 'must be at least openDays, so that one has ended before the next',
    path: ['everyDays'],
  });

type Configured = {
  readonly accessReviews?: z.infer<typeof accessReviewsSchema> | undefined;
  readonly tiers: readonly { readonly approverGroup?: string | undefined; readonly channel: string }[];
};

/** How access reviews are held. */
export type ReviewTerms = {
  readonly everyDays: number | undefined;
  readonly openDays: number;
  readonly remindDays: number;
  readonly reviewerGroups: readonly string[];
  readonly channel: string;
  readonly groups: readonly string[] | undefined;
};

/** As approvals.json says; where it says nothing, the approvers of all tiers decide on those that are opened by hand. */
export function reviewTermsOf({ accessReviews, tiers }: Configured): ReviewTerms {
  if (accessReviews) {
    const { reviewerGroup, everyDays, groups, ...terms } = accessReviews;
    return { ...terms, everyDays, groups, reviewerGroups: [reviewerGroup] };
  }
  return {
    everyDays: undefined,
    openDays: 14,
    remindDays: 3,
    reviewerGroups: [...new Set(tiers.flatMap(({ approverGroup }) => approverGroup ?? []))],
    channel: tiers[0]?.channel ?? '',
    groups: undefined,
  };
}

const DAY_MS = 86_400_000;

/** The moment so many days after another. */
export const daysAfter = (moment: string, days: number): string =>
  new Date(Date.parse(moment) + days * DAY_MS).toISOString();

/** Whether the schedule asks for another one: there was none, or the last was opened long enough ago. */
export const isDue = (
  lastOpenedAt: string | undefined,
  { everyDays }: Pick<ReviewTerms, 'everyDays'>,
  now: Date,
): boolean =>
  everyDays !== undefined &&
  (lastOpenedAt === undefined || daysAfter(lastOpenedAt, everyDays) <= now.toISOString());
