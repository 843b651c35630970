import type { AccessReview } from '../../shared/domain/access-reviews/access-review.ts';

/** Principals that a message names; more are counted. */
const MOST_NAMED = 20;

const day = (moment: string): string => `${moment.slice(0, 10)} ${moment.slice(11, 16)} UTC`;

function names(pending: readonly string[]): string {
  const more = pending.length - MOST_NAMED;
  return `${pending.slice(0, MOST_NAMED).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

/**
 * What reviewers are told in Slack. Nobody's words are in it: ids, counts and times alone.
 */
export function sayReview(
  what: AccessReview['told'][number],
  { reviewId, closesAt, items, reviewerGroups }: AccessReview,
  pending: readonly string[],
): string {
  const how = `postern access-review list ${reviewId}, or Access reviews in the console.`;
  const who = `For ${reviewerGroups.join(', ')}.`;
  if (what === 'opened')
    return `Access review: ${items} principals, and what each could come by. Say of each whether it is kept, until ${day(closesAt)}. ${who} ${how}`;
  if (what === 'ending')
    return `Access review: it ends ${day(closesAt)}, and ${pending.length} of ${items} are not decided: ${names(pending)}. ${who} ${how}`;
  return pending.length === 0
    ? `Access review: it has ended, and all ${items} are decided. ${reviewId}`
    : `Access review: OVERDUE. It ended ${day(closesAt)}, and ${pending.length} of ${items} are neither kept nor taken away: ${names(pending)}. ${who} ${how}`;
}
