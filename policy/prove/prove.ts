import type { KnownActions } from './known-actions.ts';
import { type Counterexample, makeLeafJudge, type Sides } from './request/judge-leaf.ts';
import { type CompiledPolicies, compilePolicies, type PolicyLayers } from './rules/compile-policies.ts';
import { isWrittenWithin, type WrittenPolicies, writtenPolicies } from './same-or-less.ts';
import { type KeyKinds, keyKindsOf } from './search/key-kinds.ts';
import { makeSpace } from './search/make-space.ts';
import { questionsOf } from './search/questions.ts';
import { type Leaf, searchLeaves } from './search/search-leaves.ts';
import { type ShownRequest, shownRequest } from './shown-request.ts';
import { type Budget, makeBudget, OutOfSteps } from './words/budget.ts';

/** Why it is not known whether one set of policies is within another. */
export type UnknownCode =
  /** The steps that it was given did not suffice. */
  | 'out-of-steps'
  /** What was to be proved cannot be read as a policy. */
  | 'not-a-policy'
  /** A policy variable meets another pattern, or stands where what it matches is taken away. */
  | 'policy-variable'
  /** Every request found rests on something whose meaning is not modelled. */
  | 'not-modelled';

export type ProofAnswer =
  | { readonly verdict: 'within' }
  | {
      readonly verdict: 'wider';
      readonly request: ShownRequest;
      /** Whether the request is a call that AWS is known to have; false also where no actions were given. */
      readonly isKnown: boolean;
    }
  | { readonly verdict: 'unknown'; readonly why: UnknownCode };

export type ProofOptions = {
  /** The actions that there are, so that the request shown is one that AWS could be sent, where there is one. */
  readonly known?: KnownActions;
  /** The most steps to take: the answer is the same on every machine. */
  readonly steps?: number;
};

/** Enough for nearly all of AWS's own policies, and spent in less than a second or two. */
export const DEFAULT_STEPS = 100_000;

/** How many known actions are looked at for a better request, and how many sets of requests. */
const MOST_LOOKS = 30_000;
const MOST_LEAVES = 200;

/** A reference made ready once, for as many candidates as there are. */
export type Reference = { readonly compiled: CompiledPolicies; readonly written: WrittenPolicies };

/** Throws RangeError where there are no layers. */
export const makeReference = (layers: PolicyLayers): Reference => ({
  compiled: compilePolicies(layers, 'reference'),
  written: writtenPolicies(layers),
});

/**
 * Whether every request that the candidate allows is also allowed by the reference.
 *
 * *Within* is proved over all strings, so it holds for actions and resources that do not exist yet. *Wider* comes
 * with a request that the candidate allows and the reference does not. What is not modelled (relations between keys,
 * an operator for one value on a key of several) never makes it *within*. Throws RangeError where the candidate has
 * no layers.
 */
export function prove(
  candidate: PolicyLayers,
  reference: Reference,
  { known, steps = DEFAULT_STEPS }: ProofOptions = {},
): ProofAnswer {
  const compiled = compilePolicies(candidate, 'candidate');
  if (isWrittenWithin(writtenPolicies(candidate), reference.written)) return { verdict: 'within' };
  const isListed = known?.isOfSeveral ?? (() => undefined);
  const kinds = keyKindsOf([compiled, reference.compiled], isListed);
  const budget = makeBudget(steps);
  const sides = { candidate: compiled.rules, reference: reference.compiled.rules };
  const found = findCounterexample(sides, kinds, budget, known);
  if (found.counterexample) {
    const { request, isKnown } = found.counterexample;
    return { verdict: 'wider', request: shownRequest(request, kinds.isOfSeveral), isKnown };
  }
  if (found.isOut) return { verdict: 'unknown', why: 'out-of-steps' };
  if (found.isUnsure) return { verdict: 'unknown', why: 'not-modelled' };
  const isOpen = compiled.hasNegatedVariable || reference.compiled.hasNegatedVariable;
  if (!found.isDoubtful && !isOpen) return { verdict: 'within' };
  return proveWithoutVariables(compiled, reference.compiled, kinds, budget);
}

type Found = {
  readonly counterexample?: Counterexample;
  /** Requests were found of which it is not sure that they show it. */
  readonly isUnsure: boolean;
  /** That there are none is true only where no variable has the value of something else. */
  readonly isDoubtful: boolean;
  readonly isOut: boolean;
};

/** Looks for a request that the candidate allows and the reference does not; a known one, where there is one. */
function findCounterexample(
  sides: Sides,
  kinds: KeyKinds,
  budget: Budget,
  known: KnownActions | undefined,
): Found {
  const space = makeSpace(kinds, budget);
  const { judge } = makeLeafJudge(sides, space, known, MOST_LOOKS);
  let counterexample: Counterexample | undefined;
  let leaves = 0;
  const accept = (leaf: Leaf): boolean => {
    leaves += 1;
    const judged = judge(leaf);
    if (judged && !(counterexample && !judged.isKnown)) counterexample = judged;
    return counterexample !== undefined && (counterexample.isKnown || !known || leaves >= MOST_LEAVES);
  };
  const isOut = !finishes(() => {
    for (const question of questionsOf(sides.candidate, sides.reference))
      if (searchLeaves(question, space, accept)) return;
  });
  const isDoubtful = [space.resources, space.values].some((finder) => finder.isDoubtful());
  return { ...(counterexample && { counterexample }), isUnsure: leaves > 0, isDoubtful, isOut };
}

/** Whatever values variables have: within where even the widest candidate is within the narrowest reference. */
function proveWithoutVariables(
  candidate: CompiledPolicies,
  reference: CompiledPolicies,
  kinds: KeyKinds,
  budget: Budget,
): ProofAnswer {
  const space = makeSpace(kinds, budget);
  let isFound = false;
  const isDone = finishes(() => {
    for (const question of questionsOf(candidate.widened(), reference.widened()))
      isFound ||= searchLeaves(question, space, () => true);
  });
  if (isDone && !isFound) return { verdict: 'within' };
  return { verdict: 'unknown', why: isDone ? 'policy-variable' : 'out-of-steps' };
}

/** Whether the search came to its end. */
function finishes(search: () => void): boolean {
  try {
    search();
    return true;
  } catch (error) {
    if (error instanceof OutOfSteps) return false;
    throw error;
  }
}
