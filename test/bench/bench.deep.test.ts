import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { takeFigure as takeCost } from './figures/cost.ts';
import { takeFigure as takeValidator } from './figures/validator.ts';

test('the validator’s figure is of grants', async () => {
  const [whole] = await takeValidator();
  expect(Number(whole?.n)).toBeGreaterThan(0);
});

test('a thousand requests cost the sum of their parts', async () => {
  for (const row of await takeCost()) {
    const parts = ['transitions, $', 'invocations, $', 'DynamoDB units, $'].map((part) => Number(row[part]));
    expect(parts.every((part) => part > 0)).toBe(true);
    expect(Number(row['together, $'])).toBeCloseTo(
      parts.reduce((sum, part) => sum + part, 0),
      3,
    );
  }
});

test('the README shows every figure that npm run bench takes', () => {
  const readme = readFileSync('test/bench/README.md', 'utf8');
  const names = [...readFileSync('test/bench/run.ts', 'utf8').matchAll(/'?([\w-]+)'?: \(\) => import\(/g)];
  expect(names.length).toBeGreaterThan(5);
  for (const [, name] of names) expect([name, readme.includes(`<!-- ${name} -->`)]).toEqual([name, true]);
});
