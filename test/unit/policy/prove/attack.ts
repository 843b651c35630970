import type { KnownActions } from '../../../../policy/prove/known-actions.ts';
import { makeReference, type ProofAnswer, type ProofOptions, prove } from '../../../../policy/prove/prove.ts';
import { requestFrom } from './arbitrary-sets.ts';
import { oursAllows, type Request, simulatorAllows } from './both-evaluators.ts';
import { layersOf, type PolicySet } from './policy-sets.ts';

export type Question = { readonly candidate: PolicySet; readonly reference: PolicySet };

/** The prover as it is, asked of plain data. */
export const prover = ({ candidate, reference }: Question, options: ProofOptions): ProofAnswer =>
  prove(layersOf(candidate), makeReference(layersOf(reference)), options);

/** A proof that does not hold. */
export class Refuted extends Error {
  override name = 'Refuted';
}

/** Allowed requests that each *within* is tried with, and how many are made to find them. */
const WANTED = 10;
const MOST_TRIES = 1_500;

/** The same numbers for the same question, in whatever order questions come. */
function randomFor(text: string): (below: number) => number {
  let state = [...text].reduce((sum, letter) => (Math.imul(sum, 31) + letter.charCodeAt(0)) | 0, 7) || 1;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

export type Tally = {
  readonly verdict: ProofAnswer['verdict'];
  /** Of a *within*: allowed requests that were tried. Of a *wider*: evaluators that confirmed it. */
  readonly count: number;
};

/** Proves, and holds the answer against both evaluators. Throws Refuted. */
export async function proveAndAttack(
  question: Question,
  prove_: typeof prover,
  known: KnownActions,
): Promise<Tally> {
  const answer = prove_(question, { known });
  const { verdict } = answer;
  if (answer.verdict === 'within') return { verdict, count: await attack(question) };
  if (answer.verdict === 'wider') return { verdict, count: await confirm(question, answer.request) };
  return { verdict, count: 0 };
}

/** Whether each evaluator finds that the candidate allows the request and the reference does not. */
async function confirm({ candidate, reference }: Question, request: Request): Promise<number> {
  const ours = [oursAllows(candidate, request), oursAllows(reference, request)];
  if (ours.join() !== 'true,false')
    throw new Refuted(`wider by ${JSON.stringify(request)}: our evaluator says ${ours}`);
  const theirs = [await simulatorAllows(candidate, request), await simulatorAllows(reference, request)];
  // The simulator answers nothing of calls that AWS does not have.
  if (theirs.every((answer) => answer === undefined)) return 1;
  if (theirs.join() !== 'true,false')
    throw new Refuted(`wider by ${JSON.stringify(request)}: the simulator says ${theirs}`);
  return 2;
}

async function attack({ candidate, reference }: Question): Promise<number> {
  const random = randomFor(JSON.stringify(candidate));
  let tried = 0;
  for (let n = 0; n < MOST_TRIES && tried < WANTED; n += 1) {
    const request = requestFrom(random);
    if (!oursAllows(candidate, request)) continue;
    tried += 1;
    if (!oursAllows(reference, request))
      throw new Refuted(`within, but our evaluator lets ${JSON.stringify(request)} through`);
    if ((await simulatorAllows(candidate, request)) && !(await simulatorAllows(reference, request)))
      throw new Refuted(`within, but the simulator lets ${JSON.stringify(request)} through`);
  }
  return tried;
}
