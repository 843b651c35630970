import { mkdirSync, writeFileSync } from 'node:fs';
import type { TakeFigure } from './figure.ts';
import { machine } from './machine.ts';
import { writeReadme } from './write-readme.ts';

/** Every figure by its name, in the order they are taken; each in a module of its own, loaded when it is its turn. */
const FIGURES: Readonly<Record<string, () => Promise<{ takeFigure: TakeFigure }>>> = {
  validator: () => import('./figures/validator.ts'),
  prove: () => import('./figures/prove.ts'),
  catalog: () => import('./figures/catalog.ts'),
  check: () => import('./figures/check.ts'),
  gateway: () => import('./figures/gateway.ts'),
  overhead: () => import('./figures/overhead.ts'),
  'cold-start': () => import('./figures/cold-start.ts'),
  tokens: () => import('./figures/tokens.ts'),
  calls: () => import('./figures/calls.ts'),
  cost: () => import('./figures/cost.ts'),
  throughput: () => import('./figures/throughput.ts'),
  waiting: () => import('./figures/waiting.ts'),
  endurance: () => import('./figures/endurance.ts'),
};
const RESULTS = 'test/bench/results';

const say = (line: string): void => void process.stderr.write(`${line}\n`);
const named = process.argv.slice(2);
const unknown = named.filter((name) => !(name in FIGURES));
if (unknown.length > 0) {
  say(`bench: no figure ${unknown.join(', ')}; there are ${Object.keys(FIGURES).join(', ')}`);
  process.exit(1);
}

mkdirSync(RESULTS, { recursive: true });
for (const [name, load] of Object.entries(FIGURES)) {
  if (named.length > 0 && !named.includes(name)) continue;
  say(`${name} …`);
  const on = { at: new Date().toISOString().slice(0, 10), ...machine() };
  const startedAt = performance.now();
  const { takeFigure } = await load();
  const rows = await takeFigure(say, 'whole');
  console.log(`\n${name}, ${Math.round((performance.now() - startedAt) / 1000)} s`);
  console.table(rows);
  writeFileSync(`${RESULTS}/${name}.json`, `${JSON.stringify({ on, rows }, null, 2)}\n`);
}
writeReadme();
