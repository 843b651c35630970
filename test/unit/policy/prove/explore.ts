import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import type { KnownActions } from '../../../../policy/prove/known-actions.ts';
import { questions } from './arbitrary-sets.ts';
import { proveAndAttack, type prover, type Question, Refuted } from './attack.ts';

/** How often each came up, to show that a run was about something. */
export type Counts = {
  within: number;
  /** Of the *within*: tried with ten allowed requests or more. The others allow hardly anything. */
  attacked: number;
  wider: number;
  /** Of the *wider*: confirmed by the simulator too, as it has such a call. */
  confirmedByBoth: number;
  unknown: number;
};

/**
 * Proves so many arbitrary questions and holds each answer against both evaluators. A question whose answer is
 * refuted is shrunk, kept as `proof-<seed>.json`, and named in the error.
 */
export async function explore(
  prove: typeof prover,
  known: KnownActions,
  options: { runs: number; seed: number; folder: string },
): Promise<Counts> {
  const { runs, seed, folder } = options;
  const counts: Counts = { within: 0, attacked: 0, wider: 0, confirmedByBoth: 0, unknown: 0 };
  const property = fc.asyncProperty(questions, async (question) => {
    const { verdict, count } = await proveAndAttack(question, prove, known);
    counts[verdict] += 1;
    if (verdict === 'within' && count >= 10) counts.attacked += 1;
    if (verdict === 'wider' && count === 2) counts.confirmedByBoth += 1;
  });
  const result = await fc.check(property, { numRuns: runs, seed });
  if (!result.failed) return counts;
  const [question] = result.counterexample as [Question];
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `proof-${seed}.json`);
  writeFileSync(file, `${JSON.stringify(question, null, 2)}\n`);
  const { errorInstance } = result;
  const said = errorInstance instanceof Refuted ? errorInstance.message : String(errorInstance);
  throw new Error(`${file} (seed ${seed}, path ${result.counterexamplePath}): ${said}`);
}
