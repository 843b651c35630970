import { randomUUID } from 'node:crypto';
import type { AskReviewer } from '../../../../lambdas/shared/domain/review.ts';
import { understand } from './understand.ts';

/** Who answers: shown wherever an answer is shown. */
export const OFFLINE_MODEL = 'offline-keyword-matcher';

/**
 * What is asked where there is no model: a plain keyword matcher. It knows the kinds of resources that prose most often speaks
 * of and nothing of what a sentence means; what it answers is judged like any other answer.
 */
export const askOffline: AskReviewer = async ({ input }) => ({
  kind: 'text',
  model: OFFLINE_MODEL,
  responseId: `offline-${randomUUID()}`,
  text: JSON.stringify(understand(JSON.parse(input))),
});
