import { expect, test } from 'vitest';
import { remember } from '../../../lambdas/shared/domain/remember.ts';

test('asks once for a key, and forgets all once it has kept the most', () => {
  const asked: string[] = [];
  const answerOf = remember(2, String, (input: string) => {
    asked.push(input);
    return input === 'none' ? undefined : input.toUpperCase();
  });
  expect(['a', 'a', 'none', 'none', 'a'].map(answerOf)).toEqual(['A', 'A', undefined, undefined, 'A']);
  expect(asked).toEqual(['a', 'none']);
  answerOf('b');
  answerOf('a');
  expect(asked).toEqual(['a', 'none', 'b', 'a']);
});
