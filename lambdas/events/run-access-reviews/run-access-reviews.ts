import type { AccessReviewsTable } from '../../shared/adapters/tables/access-reviews-table.ts';
import type { AccessReview, CurrentReview } from '../../shared/domain/access-reviews/access-review.ts';
import { daysAfter, isDue } from '../../shared/domain/access-reviews/review-terms.ts';
import { ACCESS_REVIEWS_CHAIN } from '../../shared/domain/audit/audit-record.ts';
import { ApprovalChannelUnavailable } from '../../shared/domain/errors.ts';
import { type FollowingPorts, followItems, type Left } from './follow-items.ts';
import { openItems, type PopulationPorts } from './open-items.ts';
import { sayReview } from './say-review.ts';

export type RunningPorts = PopulationPorts &
  FollowingPorts & {
    readonly reviews: Pick<
      AccessReviewsTable,
      | 'current'
      | 'setCurrent'
      | 'review'
      | 'writeReview'
      | 'reviews'
      | 'items'
      | 'writeItem'
      | 'writeAccess'
      | 'access'
    >;
    readonly post: (channel: string, text: string) => Promise<void>;
    /** Raises the alarm: so many items are overdue. */
    readonly alarm: (items: number) => void;
    readonly warn: (fields: Record<string, unknown>) => void;
    readonly newUlid: () => string;
  };

/** Reviews that are looked after: the one that is open, and those before it of which something is left to do. */
const MOST_LOOKED_AFTER = 4;
/** Names in one record of those that were overdue. */
const NAMED_TOGETHER = 500;

/** Opens one where the schedule asks for it: whoever writes it over the last one does, once. */
async function openDue({ reviews, terms, clock, newUlid }: RunningPorts): Promise<CurrentReview | undefined> {
  const current = await reviews.current();
  if (!isDue(current?.openedAt, terms(), clock())) return current;
  const base = current?.version ?? 0;
  const openedAt = clock().toISOString();
  const opened = { reviewId: `access_review-${newUlid()}`, openedAt, version: base + 1 };
  return (await reviews.setCurrent(opened, base)) ? opened : reviews.current();
}

function newReview({ reviewId, openedAt, openedBy }: CurrentReview, { terms }: RunningPorts): AccessReview {
  const { openDays, remindDays, reviewerGroups } = terms();
  const closesAt = daysAfter(openedAt, openDays);
  return {
    reviewId,
    state: 'opening',
    openedAt,
    ...(openedBy !== undefined && { openedBy }),
    closesAt,
    remindAt: daysAfter(closesAt, -remindDays),
    reviewerGroups: [...reviewerGroups],
    items: 0,
    told: [],
    version: 1,
  };
}

/** Writes it over what was read. False where another run did so first: that one goes on. */
async function write(
  review: AccessReview,
  more: Partial<AccessReview>,
  { reviews }: RunningPorts,
): Promise<AccessReview | undefined> {
  const next = { ...review, ...more, version: review.version + 1 };
  return (await reviews.writeReview(next, review.version)) ? next : undefined;
}

async function open(review: AccessReview, ports: RunningPorts): Promise<AccessReview | undefined> {
  const { reviewId, openedAt, openedBy, closesAt, reviewerGroups } = review;
  const items = await openItems(review, ports);
  await ports.audit.append({
    chain: ACCESS_REVIEWS_CHAIN,
    requestId: reviewId,
    event: 'access_review_opened',
    facts: { openedAt, openedBy: openedBy ?? null, closesAt, reviewerGroups, items },
  });
  return write(review, { state: 'open', items }, ports);
}

/** Tells the reviewers, once. Where Slack does not answer, the next run tries again. */
async function tell(
  what: AccessReview['told'][number],
  review: AccessReview,
  pending: readonly string[],
  ports: RunningPorts,
): Promise<AccessReview | undefined> {
  try {
    await ports.post(ports.terms().channel, sayReview(what, review, pending));
  } catch (error) {
    if (!(error instanceof ApprovalChannelUnavailable)) throw error;
    ports.warn({ reviewId: review.reviewId, what, because: error.message });
    return review;
  }
  return write(review, { told: [...review.told, what] }, ports);
}

/** Its time is over: what nobody decided is named, and stays to be decided. */
async function end(review: AccessReview, { items, pending }: Left, ports: RunningPorts) {
  for (let start = 0; start === 0 || start < pending.length; start += NAMED_TOGETHER)
    await ports.audit.append({
      chain: ACCESS_REVIEWS_CHAIN,
      requestId: review.reviewId,
      event: 'access_review_ended',
      occurrence: String(1 + start / NAMED_TOGETHER),
      facts: {
        items,
        overdue: pending.slice(start, start + NAMED_TOGETHER),
        ...(pending.length > 0 && { overdueInAll: pending.length }),
      },
    });
  return write(review, { state: 'ended' }, ports);
}

/** What there is to tell now, the earlier first. */
function dueToTell({ told, state, remindAt }: AccessReview, pending: readonly string[], now: string) {
  const due: AccessReview['told'] = [];
  if (state === 'open' && !told.includes('opened')) due.push('opened');
  if (state === 'open' && now >= remindAt && pending.length > 0 && !told.includes('ending'))
    due.push('ending');
  if (state === 'ended' && !told.includes('ended')) due.push('ended');
  return due;
}

async function lookAfter(found: AccessReview, ports: RunningPorts): Promise<void> {
  let review: AccessReview | undefined = found.state === 'opening' ? await open(found, ports) : found;
  if (!review) return;
  const left = await followItems(review.reviewId, ports);
  const now = ports.clock().toISOString();
  const isDone = left.pending.length === 0 && left.unrecorded === 0;
  if (review.state === 'open' && (isDone || now >= review.closesAt)) review = await end(review, left, ports);
  for (const what of review ? dueToTell(review, left.pending, now) : [])
    review = review && (await tell(what, review, left.pending, ports));
  if (review?.state !== 'ended') return;
  if (left.pending.length > 0) ports.alarm(left.pending.length);
  if (isDone && review.told.includes('ended')) await write(review, { state: 'closed' }, ports);
}

/**
 * Opens access reviews when they are due, records what was decided, follows removals, reminds, and names what is overdue. Each
 * step is a conditional write; run twice, or at once, it does each once.
 */
export function makeRunAccessReviews(ports: RunningPorts): () => Promise<void> {
  const { reviews } = ports;
  return async () => {
    const current = await openDue(ports);
    if (!current) return;
    if (!(await reviews.review(current.reviewId))) await reviews.writeReview(newReview(current, ports), 0);
    const unfinished = (await reviews.reviews()).filter(({ state }) => state !== 'closed');
    for (const review of unfinished.slice(0, MOST_LOOKED_AFTER)) await lookAfter(review, ports);
  };
}
