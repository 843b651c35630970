import { matchAction } from '../evaluate/match-action.ts';
import { parsePolicyValue } from '../parse/parse-policy.ts';
import type { Pattern, Policy, PolicyType, Statement } from '../parse/policy-model.ts';
import { readPattern } from '../parse/read-pattern.ts';
import type { KnownActions } from '../prove/known-actions.ts';
import { makeReference, type ProofAnswer, prove, type Reference } from '../prove/prove.ts';
import type { PolicyLayers } from '../prove/rules/compile-policies.ts';

/** Steps of one question: each is about few statements. */
const STEPS = 20_000;

/** The policy of these statements, made by us and so never refused. */
export function ownPolicy(statements: readonly object[], type: PolicyType = 'identity'): Policy {
  const read = parsePolicyValue({ Version: '2012-10-17', Statement: statements }, type);
  if (read.ok) return read.policy;
  throw new Error(`a policy of our own is refused: ${JSON.stringify(read.refusals)}`);
}

/** A policy that allows nothing. */
export const nothing = (type: PolicyType = 'identity'): Policy => ({
  type,
  version: '2012-10-17',
  statements: [],
});

const NOTHING: Reference = makeReference([[nothing()]]);

/** Whether some request is allowed in all layers; where it is so, the request that shows it. */
export function satisfiable(layers: PolicyLayers, known?: KnownActions): ProofAnswer {
  return prove(layers, NOTHING, { steps: STEPS, ...(known && { known }) });
}

/** Whether one is within the other, within the steps of a check. */
export const isWithin = (candidate: PolicyLayers, reference: PolicyLayers): boolean =>
  prove(candidate, makeReference(reference), { steps: STEPS }).verdict === 'within';

const patterns = new Map<string, Pattern>();

function literalPattern(text: string): Pattern {
  const found = patterns.get(text) ?? readPattern(text, '2008-10-17', undefined);
  if (!found) throw new Error(`an action that cannot be read: ${text}`);
  patterns.set(text, found);
  return found;
}

/** What a statement says of one action; undefined where it says nothing of it. */
function ofAction(statement: Statement, action: string): Statement | undefined {
  const { items, negated } = statement.actions;
  if (negated === items.some((item) => matchAction(item, action.toLowerCase()))) return undefined;
  return { ...statement, actions: { negated: false, items: [literalPattern(action)] } };
}

/**
 * What policies say of one action: the same layers, with what is about other actions left out. It means the same for
 * requests of that action, and is quickly proved. Undefined where a layer allows none of it.
 */
export function layersOfAction(layers: PolicyLayers, action: string): PolicyLayers | undefined {
  const about = layers.map((policies) =>
    policies.map((policy) => ({
      ...policy,
      statements: policy.statements.flatMap((statement) => ofAction(statement, action) ?? []),
    })),
  );
  const allows = about.every((policies) =>
    policies.some(({ statements }) => statements.some(({ effect }) => effect === 'Allow')),
  );
  return allows ? about : undefined;
}
