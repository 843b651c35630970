import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readKnownActions } from '../../../../clients/iam/read-iam-data.ts';
import { proveAndAttack, prover, type Question } from './attack.ts';
import { explore } from './explore.ts';

/** Proofs to try; `npm run test:deep` tries twenty times as many. */
const RUNS = Number(process.env.POSTERN_PROOFS ?? 500);
const SEED = Number(process.env.POSTERN_SEED ?? Date.now() % 1_000_000);
/** Where a question that fails is left; moved to `KEPT`, it is tried in every run. */
const SHRUNK = '.tmp';
const KEPT = 'test/cases/proofs-kept';

const known = readKnownActions();
const read = (file: string): Question => JSON.parse(readFileSync(file, 'utf8'));

test(`of ${RUNS} proofs none is refuted, by our evaluator or by another's`, async () => {
  console.log(`POSTERN_SEED=${SEED}`);
  const counts = await explore(prover, known, { runs: RUNS, seed: SEED, folder: SHRUNK });
  console.log(
    Object.entries(counts)
      .map(([what, count]) => `${count} ${what}`)
      .join(', '),
  );
  expect(counts.within + counts.wider + counts.unknown).toBe(RUNS);
  expect(counts.attacked).toBeGreaterThanOrEqual(RUNS / 10);
  expect(counts.confirmedByBoth).toBeGreaterThanOrEqual(RUNS / 5);
  expect(counts.unknown).toBeLessThanOrEqual(RUNS / 10);
}, 3_600_000);

const withoutConditions = (question: Question): Question =>
  JSON.parse(JSON.stringify(question), (name, value) => (name === 'Condition' ? undefined : value));
/** A statement that denies nothing that there is stands in place of each Deny: a policy has to have one. */
const withoutDenies = (question: Question): Question =>
  JSON.parse(JSON.stringify(question), (_, value) =>
    value?.Effect === 'Deny' ? { Effect: 'Deny', Action: 'none:Nothing', Resource: '*' } : value,
  );

/** Provers that are broken as somebody might break one. */
const BROKEN: Record<string, typeof prover> = {
  'reads no condition of the reference': (question, options) =>
    prover({ ...question, reference: withoutConditions(question).reference }, options),
  'reads no Deny of the reference': (question, options) =>
    prover({ ...question, reference: withoutDenies(question).reference }, options),
  'says within where it does not know': (question, options) => {
    const answer = prover(question, { ...options, steps: 20 });
    return answer.verdict === 'unknown' ? { verdict: 'within' } : answer;
  },
};

describe.each(Object.entries(BROKEN))('a prover that %s', (_, broken) => {
  test('is found out, and the question is shrunk into a file that shows it', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'postern-proof-'));
    try {
      await expect(explore(broken, known, { runs: 500, seed: 1, folder })).rejects.toThrow(
        /proof-1\.json \(seed 1/,
      );
      const shrunk = read(join(folder, 'proof-1.json'));
      expect(JSON.stringify(shrunk).length).toBeLessThan(2_000);
      await expect(proveAndAttack(shrunk, broken, known)).rejects.toThrow(/within, but|wider by/);
      await proveAndAttack(shrunk, prover, known);
    } finally {
      rmSync(folder, { recursive: true });
    }
  }, 120_000);
});

test.each(readdirSync(KEPT))('the kept question %s is answered right', async (file) => {
  await proveAndAttack(read(join(KEPT, file)), prover, known);
});
