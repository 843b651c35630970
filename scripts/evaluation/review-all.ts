import type { AskReviewer } from '../../lambdas/shared/domain/review.ts';
import type { Organisation } from './evaluation-set.ts';
import { type Reviewed, reviewOne } from './review-one.ts';

type Options = {
  readonly ask: AskReviewer;
  /** Requests that are reviewed at the same time. */
  readonly atOnce: number;
  readonly clock: () => Date;
  readonly milliseconds: () => number;
};

/** Reviews every request of these organisations, so many at once; the answers are in the order of the requests. */
export async function reviewAll(
  organisations: readonly Organisation[],
  { atOnce, ...ports }: Options,
): Promise<Reviewed[]> {
  const all = organisations.flatMap((organisation) =>
    organisation.requests.map((request) => ({ organisation, request })),
  );
  const reviews: Reviewed[] = new Array(all.length);
  const places = all.entries();
  async function work(): Promise<void> {
    for (const [place, { organisation, request }] of places)
      reviews[place] = await reviewOne(organisation, request, ports);
  }
  await Promise.all(Array.from({ length: Math.max(1, atOnce) }, work));
  return reviews;
}
