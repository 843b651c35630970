import { expect, test } from 'vitest';
import { gather } from '../../../lambdas/shared/domain/gather.ts';

const tick = () => new Promise<void>((resolve) => setImmediate(resolve));

test('what comes while one is under way is done together, in order, and each is answered its own', async () => {
  const runs: [string, readonly number[]][] = [];
  const add = gather(4, async (key, items: readonly number[]) => {
    runs.push([key, items]);
    await tick();
    return items.map((item) => item * 10);
  });
  const answers = await Promise.all([
    add('a', [1]),
    add('a', [2, 3]),
    add('b', [9]),
    add('a', [4]),
    add('a', [5, 6]),
    add('a', [7, 8, 9, 10, 11]),
  ]);
  expect(runs).toEqual([
    ['a', [1]],
    ['b', [9]],
    ['a', [2, 3, 4]],
    ['a', [5, 6]],
    ['a', [7, 8, 9, 10, 11]],
  ]);
  expect(answers).toEqual([[10], [20, 30], [90], [40], [50, 60], [70, 80, 90, 100, 110]]);
});

test('nobody fails for another’s item, and the line goes on', async () => {
  const add = gather(10, async (_, items: readonly string[]) => {
    await tick();
    if (items.includes('bad')) throw new Error('bad');
    return [...items];
  });
  const outcomes = await Promise.allSettled(['one', 'two', 'bad', 'three'].map((item) => add('key', [item])));
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
  expect(await add('key', ['later'])).toEqual(['later']);
});
