import { ReviewerUnavailable } from '../shared/domain/errors.ts';
import { count, type Measurement } from '../shared/domain/measurement.ts';
import type { Review } from '../shared/domain/review.ts';

/** What a review cost, and whether it was of use. */
export function measureReview({ outcome, inputTokens, outputTokens }: Review): Measurement[] {
  return [
    ...(inputTokens === undefined ? [] : [count('ReviewerInputTokens', inputTokens)]),
    ...(outputTokens === undefined ? [] : [count('ReviewerOutputTokens', outputTokens)]),
    ...(outcome === 'proposal' ? [] : [count('ReviewsUnusable')]),
  ];
}

export const measureFailure = (error: unknown): Measurement[] =>
  error instanceof ReviewerUnavailable ? [count('ReviewerFailures')] : [];
