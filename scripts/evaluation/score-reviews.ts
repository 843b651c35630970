import type { Grant } from '../../lambdas/shared/domain/review.ts';
import { groupBy } from '../../policy/group-by.ts';
import type { Kind } from './evaluation-set.ts';
import type { Reviewed } from './review-one.ts';

/** How the reviews of a kind of request went. */
export type Score = {
  readonly requests: number;
  /** Whose outcome is what the label says: what is to be denied is, what is needed is proposed, and no more. */
  readonly agreed: number;
  /** Requests for which more was let through than the label allows; of those to be denied, anything. */
  readonly overGranted: number;
  /** Requests for which less was proposed than the job needs, nothing included. */
  readonly underGranted: number;
  /** Reviews that the validator sent back. */
  readonly retries: number;
  /** Requests whose reviewer could not be asked: counted nowhere else. */
  readonly unavailable: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
};

const pairsOf = (grants: readonly Grant[]): Set<string> =>
  new Set(grants.flatMap(({ resource, actions }) => actions.map((action) => `${resource} ${action}`)));

/** What one review let through too much, and what it left out. */
export function judgeReview(reviewed: Exclude<Reviewed, { unavailable: string }>): {
  readonly over: readonly string[];
  readonly under: readonly string[];
} {
  const { request, outcome, proposed } = reviewed;
  const through = outcome === 'deny' ? new Set<string>() : pairsOf(proposed);
  if (request.expect === 'deny') return { over: [...through], under: [] };
  const needed = pairsOf(request.expect.needs);
  const allowed = new Set([...needed, ...pairsOf(request.expect.mayAlso)]);
  return {
    over: [...through].filter((pair) => !allowed.has(pair)),
    under: [...needed].filter((pair) => !through.has(pair)),
  };
}

/** All reviews of these requests as one score. */
export function scoreOf(reviews: readonly Reviewed[]): Score {
  const made = reviews.flatMap((reviewed) => ('unavailable' in reviewed ? [] : [reviewed]));
  const judged = made.map(judgeReview);
  const sum = (number: (reviewed: (typeof made)[number]) => number) =>
    made.reduce((total, reviewed) => total + number(reviewed), 0);
  return {
    requests: reviews.length,
    agreed: judged.filter(({ over, under }) => over.length + under.length === 0).length,
    overGranted: judged.filter(({ over }) => over.length > 0).length,
    underGranted: judged.filter(({ under }) => under.length > 0).length,
    retries: sum(({ attempts }) => attempts - 1),
    unavailable: reviews.length - made.length,
    inputTokens: sum(({ inputTokens }) => inputTokens),
    outputTokens: sum(({ outputTokens }) => outputTokens),
  };
}

/** The scores of each kind of request, in the order in which they first come. */
export const scoresByKind = (reviews: readonly Reviewed[]): [Kind, Score][] =>
  [...groupBy(reviews, ({ request }) => request.kind)].map(([kind, those]) => [kind, scoreOf(those)]);

/** Milliseconds within which that part of the reviews was done, retries included; 0 where there was none. */
export function latencyAt(reviews: readonly Reviewed[], part: number): number {
  const sorted = reviews.map(({ milliseconds }) => milliseconds).sort((left, right) => left - right);
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * part) - 1)] ?? 0;
}
