import { mkdirSync, writeFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { arbitrarySituation } from '../../../support/policy/arbitrary-situation.ts';
import { compareEvaluators, explainDisagreement } from '../../../support/policy/compare-evaluators.ts';

/** Pairs of policies and a request; `npm run test:deep` looks at ten times as many. */
const RUNS = Number(process.env.POSTERN_REQUESTS ?? 5_000);
const SEED = Number(process.env.POSTERN_SEED ?? Date.now() % 1_000_000);
/** Where the smallest situation that nothing explains is left. */
const SHRUNK = '.tmp';

test(`our evaluator and an independent one say the same of ${RUNS} requests, or it is known why not`, async () => {
  const counts = new Map<string, number>();
  const count = (what: string) => counts.set(what, (counts.get(what) ?? 0) + 1);
  const property = fc.asyncProperty(arbitrarySituation, async (situation) => {
    const { ours, theirs } = await compareEvaluators(situation);
    count(ours);
    if (ours === theirs) return;
    const why = await explainDisagreement(situation, ours);
    if (why === undefined) throw new Error(`ours ${ours}, theirs ${theirs}`);
    for (const name of why) count(name);
  });
  const result = await fc.check(property, { numRuns: RUNS, seed: SEED });
  console.log(`POSTERN_SEED=${SEED}: ${[...counts].map(([what, times]) => `${times} ${what}`).join(', ')}`);
  if (result.failed) {
    mkdirSync(SHRUNK, { recursive: true });
    const file = `${SHRUNK}/disagreement-${SEED}.json`;
    writeFileSync(file, `${JSON.stringify(result.counterexample?.[0], null, 2)}\n`);
    throw new Error(`seed ${SEED}: ${String(result.errorInstance)}, shrunk into ${file}`);
  }
  for (const outcome of ['allowed', 'explicitly-denied', 'implicitly-denied']) {
    expect(counts.get(outcome), outcome).toBeGreaterThan(RUNS / 20);
  }
}, 1_800_000);
