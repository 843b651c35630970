import { expect, test } from 'vitest';
import * as z from 'zod';
import { askInTurn, type Reviewer } from '../../../lambdas/review-request/ask-in-turn.ts';
import { ReviewerUnavailable } from '../../../lambdas/shared/domain/errors.ts';
import type { ReviewerAnswer } from '../../../lambdas/shared/domain/review.ts';

const question = { instructions: 'i', input: '{}', schema: z.object({}), safetyId: 's' };
const refused: ReviewerAnswer = { kind: 'refused', detail: 'no', model: 'm', responseId: 'r' };

/** A reviewer that answers or throws, and those that were asked. */
function world() {
  const asked: string[] = [];
  const passedOver: string[] = [];
  const reviewer = (digest: string, outcome: ReviewerAnswer | Error): Reviewer => ({
    digest,
    ask: async () => {
      asked.push(digest);
      if (outcome instanceof Error) throw outcome;
      return outcome;
    },
  });
  const ask = (...reviewers: [Reviewer, ...Reviewer[]]) =>
    askInTurn(reviewers, ({ message }) => passedOver.push(message))(question);
  return { asked, passedOver, reviewer, ask };
}

test('the first that answers is believed, whatever it says', async () => {
  const { asked, passedOver, reviewer, ask } = world();
  const answer = await ask(
    reviewer('first', refused),
    reviewer('second', { ...refused, kind: 'text', text: '{}' }),
  );
  expect(answer).toEqual({ ...refused, reviewerDigest: 'first' });
  expect([asked, passedOver]).toEqual([['first'], []]);
});

test('the next is asked where one cannot be, and is known by its own digest', async () => {
  const { asked, passedOver, reviewer, ask } = world();
  const answer = await ask(reviewer('first', new ReviewerUnavailable('503')), reviewer('second', refused));
  expect(answer.reviewerDigest).toBe('second');
  expect([asked, passedOver]).toEqual([['first', 'second'], ['503']]);
});

test('where none can be asked, that is the answer', async () => {
  const { asked, reviewer, ask } = world();
  await expect(
    ask(
      reviewer('first', new ReviewerUnavailable('503')),
      reviewer('second', new ReviewerUnavailable('429')),
    ),
  ).rejects.toThrow(new ReviewerUnavailable('429'));
  await expect(ask(reviewer('alone', new ReviewerUnavailable('503')))).rejects.toThrow('503');
  expect(asked).toEqual(['first', 'second', 'alone']);
});

test('a fault of our own is no reason to ask another', async () => {
  const { asked, reviewer, ask } = world();
  await expect(ask(reviewer('first', new TypeError('a bug')), reviewer('second', refused))).rejects.toThrow(
    'a bug',
  );
  expect(asked).toEqual(['first']);
});
