import type { KnownActions } from '../known-actions.ts';
import type { RuleSet } from '../rules/compile-policies.ts';
import type { Leaf, Space } from '../search/search-leaves.ts';
import type { Letter } from '../words/letters.ts';
import type { Point } from '../words/shape.ts';
import { type ConcreteRequest, concreteRequest } from './concrete-request.ts';
import { findKnown } from './find-known.ts';
import { rulesAllow } from './rule-matches.ts';

/** The two sides of a question, as rules. */
export type Sides = { readonly candidate: RuleSet; readonly reference: RuleSet };

/** A request that the candidate allows and the reference does not, each for sure. */
export type Counterexample = {
  readonly request: ConcreteRequest;
  /** Whether it is a call that AWS is known to have. */
  readonly isKnown: boolean;
};

export type LeafJudge = {
  /** The best request of the leaf; undefined where none is sure. Throws OutOfSteps. */
  readonly judge: (leaf: Leaf) => Counterexample | undefined;
};

type Values = ReadonlyMap<string, readonly (readonly Letter[])[]>;

/** The values that the leaf's tests ask for; undefined where what they mean is not modelled. */
function valuesOf({ tests }: Leaf, { values }: Space): Values | undefined {
  const found = new Map<string, readonly (readonly Letter[])[]>();
  for (const [key, demands] of tests) {
    const answer = values.find(key, demands);
    if (!answer?.isSure) return undefined;
    if (answer.values.length > 0) found.set(key, answer.values);
  }
  return found;
}

/** Whether the request shows it, by the rules themselves rather than by how it was found. */
const isShown = (request: ConcreteRequest, { candidate, reference }: Sides): boolean =>
  rulesAllow(candidate, request) === true && rulesAllow(reference, request) === false;

const namesPrincipals = ({ candidate, reference }: Sides): boolean =>
  [candidate, reference]
    .flatMap(({ allows, denies }) => [...allows.flat(), ...denies])
    .some(
      ({ principals }) => principals.negated || principals.shapes.some(({ parts }) => parts !== undefined),
    );

/** Judges leaves, looking at no more than so many of the known actions in all. */
export function makeLeafJudge(
  sides: Sides,
  space: Space,
  known: KnownActions | undefined,
  most: number,
): LeafJudge {
  const hasPrincipals = namesPrincipals(sides);
  let looked = 0;

  function judge(leaf: Leaf): Counterexample | undefined {
    const context = valuesOf(leaf, space);
    const principal = space.principals.find(leaf.principals);
    if (!context || !principal) return undefined;
    const rest = { context, ...(hasPrincipals && { principal }) };
    const real = known && looked < most ? knownRequest(leaf, rest, known) : undefined;
    if (real) return { request: real, isKnown: true };
    const [actions, resources] = [leaf.actions[0], leaf.resources[0]];
    const action = actions && space.actions.find(actions);
    const resource = resources && space.resources.find(resources);
    if (!action || !resource) return undefined;
    const request = concreteRequest({ action, resource, ...rest });
    return isShown(request, sides) ? { request, isKnown: false } : undefined;
  }

  function knownRequest(
    leaf: Leaf,
    rest: { context: Values; principal?: Point },
    known: KnownActions,
  ): ConcreteRequest | undefined {
    const keys = [...rest.context.keys()];
    const found = findKnown(leaf, keys, known, space, () => {
      looked += 1;
      return looked <= most;
    });
    if (!found) return undefined;
    const action = found.action.split(':').map((part) => part.split(''));
    const request = concreteRequest({ action, resource: found.resource, ...rest });
    return isShown(request, sides) ? request : undefined;
  }

  return { judge };
}
