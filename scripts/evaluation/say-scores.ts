import type { Reviewed } from './review-one.ts';
import { judgeReview, latencyAt, type Score, scoreOf, scoresByKind } from './score-reviews.ts';

const COLUMNS = ['requests', 'agreed', 'overGranted', 'underGranted', 'retries', 'unavailable'] as const;
const TITLES = ['requests', 'agreed', 'over', 'under', 'retries', 'not asked'];

const row = (name: string, cells: readonly (string | number)[]): string =>
  `${name.padEnd(14)}${cells.map((cell) => String(cell).padStart(10)).join('')}`;

const scoreRow = (name: string, score: Score): string =>
  row(
    name,
    COLUMNS.map((column) => score[column]),
  );

/** One review that went otherwise than its label says, in a line. */
function sayMiss(reviewed: Reviewed): string[] {
  const name = `  ${reviewed.organisation}: ${reviewed.request.name}`;
  if ('unavailable' in reviewed) return [`${name}: ${reviewed.unavailable}`];
  const { over, under } = judgeReview(reviewed);
  if (over.length + under.length === 0) return [];
  const why = reviewed.reasons.length > 0 ? ` (${reviewed.reasons.join(', ')})` : '';
  return [
    `${name}: ${[...over.map((pair) => `+ ${pair}`), ...under.map((pair) => `- ${pair}`)].join(', ')}${why}`,
  ];
}

/** The scores by kind and in all, what they took, and each review that went otherwise than its label says. */
export function sayScores(reviews: readonly Reviewed[]): string {
  const all = scoreOf(reviews);
  const misses = reviews.flatMap(sayMiss);
  return [
    row('', TITLES),
    ...scoresByKind(reviews).map(([kind, score]) => scoreRow(kind, score)),
    scoreRow('all', all),
    '',
    `tokens: ${all.inputTokens} in, ${all.outputTokens} out`,
    `latency: half within ${latencyAt(reviews, 0.5)} ms, 19 of 20 within ${latencyAt(reviews, 0.95)} ms`,
    ...(misses.length > 0 ? ['', 'Otherwise than labelled (+ too much, - too little):', ...misses] : []),
  ].join('\n');
}
