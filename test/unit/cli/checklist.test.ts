import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { BY_HAND } from '../../../clients/cli/try-by-hand.ts';

const skill = readFileSync('docs/skills/postern/SKILL.md', 'utf8');
const boxes = [...skill.matchAll(/^\| (\d+) \| (.+?) \| (.+?) \|$/gm)].map(
  ([, number, box, tickedBy = '']) => ({
    number: Number(number),
    box,
    tickedBy,
  }),
);
const checksIn = (file: string) =>
  [...readFileSync(`clients/cli/${file}`, 'utf8').matchAll(/(?:ok|wrong|unknown)\(\s*'([a-z_]+)'/g)].map(
    ([, check]) => check,
  );

test('the skill has eleven boxes', () => {
  expect(boxes.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
});

test('each that doctor ticks names its checks, and doctor has no check that ticks none', () => {
  const named = boxes
    .filter(({ tickedBy }) => tickedBy.startsWith('`doctor'))
    .flatMap(({ tickedBy }) =>
      [...tickedBy.replace(/^`[^`]+`/, '').matchAll(/`([a-z_]+)`/g)].map(([, check]) => check),
    );
  const checks = new Set([...checksIn('check-setup.ts'), ...checksIn('check-host.ts')]);
  expect([...new Set(named)].sort()).toEqual([...checks].sort());
});

test('each of the others has a command that doctor prints, and says what it has to show', () => {
  const others = boxes.filter(({ tickedBy }) => tickedBy.startsWith('by hand'));
  expect(others.map(({ box }) => box)).toEqual(BY_HAND.map(({ box }) => box));
  for (const { tickedBy } of others) {
    const inDoctor = BY_HAND.find(
      ({ box }) => others.find((other) => other.tickedBy === tickedBy)?.box === box,
    );
    expect(inDoctor?.shows).toBeTruthy();
  }
});
