import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { TARGETS, targetsTable } from './targets.ts';
import { renderReadme } from './write-readme.ts';

test('the README says what the results say: `npm run bench` writes it', () => {
  const readme = readFileSync('test/bench/README.md', 'utf8');
  expect(renderReadme(readme)).toBe(readme);
});

test('a target that was passed, missed, or not measured reads so', () => {
  const targets = [
    { what: 'one', row: 'a', column: 'p50', atMost: 2, unit: 'ms' },
    { what: 'two', row: 'a', column: 'p95', atMost: 2, unit: 'ms' },
    { what: 'three', row: 'b', column: 'p50', atMost: 0, unit: '' },
  ];
  expect(
    targetsTable(targets, [{ what: 'a', p50: 2, p95: 2.001 }])
      .split('\n')
      .slice(2),
  ).toEqual([
    '| one | 2 ms | 2 | **met** |',
    '| two | 2 ms | 2.001 | **missed** |',
    '| three | 0 | not measured |  |',
  ]);
});

test('every target is of a row that its figure has', () => {
  const source = ['figures/gateway.ts', 'through-gateway.ts']
    .map((file) => readFileSync(`test/bench/${file}`, 'utf8'))
    .join('\n');
  for (const { row } of TARGETS.gateway ?? []) {
    const written = row.replace(/^(?:300|500) /, '').replace(/^MB /, '');
    expect([row, source.includes(written)]).toEqual([row, true]);
  }
});
