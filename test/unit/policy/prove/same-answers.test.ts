import { readFileSync, writeFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readKnownActions } from '../../../../clients/iam/read-iam-data.ts';
import type { ProofAnswer } from '../../../../policy/prove/prove.ts';
import { questions } from './arbitrary-sets.ts';
import { prover, type Question } from './attack.ts';
import { readProofCases } from './proof-cases.ts';

/** One line for each question; written anew with POSTERN_RECORD=1. */
const RECORDED = 'test/cases/prove-answers.txt';
/** Enough that each branch of the search is taken by several. */
const ARBITRARY = 400;
const SEED = 20_261_129;
/** Of so many questions the steps are counted: where a search gives up is part of the answer. */
const COUNTED = 300;
const MOST_STEPS = 2_000;

const known = readKnownActions();

const said = (answer: ProofAnswer): string => {
  if (answer.verdict === 'unknown') return `unknown: ${answer.why}`;
  if (answer.verdict === 'within') return 'within';
  const { action, resource, context } = answer.request;
  return [
    'wider:',
    action,
    resource,
    JSON.stringify(context),
    ...(answer.isKnown ? [] : ['(not known)']),
  ].join(' ');
};

/** The fewest steps in which the question is answered. */
function fewestSteps(question: Question): number {
  let [low, high] = [0, MOST_STEPS];
  while (low < high) {
    const steps = Math.floor((low + high) / 2);
    const answer = prover(question, { steps });
    if (answer.verdict === 'unknown' && answer.why === 'out-of-steps') low = steps + 1;
    else high = steps;
  }
  return low;
}

/** One line: by any action there could be, its steps, and now and then by a known action, which takes longer. */
const answerTo = (question: Question, nth: number): string =>
  [
    said(prover(question, {})),
    ...(nth < COUNTED ? [`${fewestSteps(question)} steps`] : []),
    ...(nth % 4 === 0 ? [`of known actions ${said(prover(question, { known }))}`] : []),
  ].join(' | ');

const asked = [...readProofCases(), ...fc.sample(questions, { numRuns: ARBITRARY, seed: SEED })];
const recorded = readFileSync(RECORDED, 'utf8').trimEnd().split('\n');

// A few at a time, so that whoever breaks an answer soon knows.
const TOGETHER = 20;
const starts = Array.from({ length: Math.ceil(asked.length / TOGETHER) }, (_, nth) => nth * TOGETHER);

describe('the same question has the same answer on every machine, down to the request and the steps', () => {
  test.skipIf(process.env.POSTERN_RECORD === '1').each(starts)('from the question after %i', (start) => {
    const answers = asked
      .slice(start, start + TOGETHER)
      .map((question, nth) => answerTo(question, start + nth));
    expect(answers).toEqual(recorded.slice(start, start + TOGETHER));
  });

  test('each is recorded, once', () => {
    if (process.env.POSTERN_RECORD === '1') writeFileSync(RECORDED, `${asked.map(answerTo).join('\n')}\n`);
    else expect(recorded).toHaveLength(asked.length);
  });
});
