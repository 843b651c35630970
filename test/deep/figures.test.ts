import { expect, test } from 'vitest';
import { takeFigure as takeOverhead } from '../bench/figures/overhead.ts';
import { takeFigure as takeTokens } from '../bench/figures/tokens.ts';

/** Nobody watches. */
const say = (): void => {};

test('in the engine and in a straight line alike, every request is granted, through the same states', async () => {
  const rows = await takeOverhead(say, 'short');
  expect(rows.map((row) => row['not granted'] ?? 0)).toEqual(rows.map(() => 0));
  const both = rows.filter((row) => 'broker p50' in row && 'straight line p50' in row);
  expect(both.map(({ what }) => what.trim())).toEqual([
    '1 at once',
    'LoadPolicy',
    'ReviewRequest',
    'ValidateDecision',
    'AssumeRole',
    'WriteLog',
    '5 at once',
  ]);
  // The broker's own code is a part of what the straight line takes.
  const [first] = rows;
  expect(Number(first?.['own code p50'])).toBeGreaterThan(0);
  expect(Number(first?.['own code p50'])).toBeLessThan(Number(first?.['straight line p50']));
}, 300_000);

test('no prompt has a schema that a provider would refuse, and only what does not fit is left out', async () => {
  const rows = await takeTokens();
  expect(rows.map((row) => Number(row['enum values']) <= 1000)).toEqual(rows.map(() => true));
  const leftOut = rows.filter((row) => Number(row['left out']) > 0).map(({ what }) => what);
  expect(leftOut).toEqual(['500 resources, all different']);
});
