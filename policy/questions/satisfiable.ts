import { matchAction } from '../evaluate/match-action.ts';
import { oncePerObject } from '../parse/once-per-object.ts';
import { parsePolicyValue } from '../parse/parse-policy.ts';
import type { Element, Pattern, Policy, PolicyType } from '../parse/policy-model.ts';
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

const elements = new Map<string, Element<Pattern>>();

/** One action alone. The same object each time: what is made of it is made once. */
function onlyAction(text: string): Element<Pattern> {
  const found = elements.get(text);
  if (found) return found;
  const pattern = readPattern(text, '2008-10-17', undefined);
  if (!pattern) throw new Error(`an action that cannot be read: ${text}`);
  const made = { negated: false, items: [pattern] };
  elements.set(text, made);
  return made;
}

/** A list of hundreds of actions is looked up, and not gone through for each that is asked about. */
const namedIn = oncePerObject(({ items }: Element<Pattern>) => {
  const isPlain = ({ parts }: Pattern) => parts.every(({ kind }) => kind === 'literal');
  return {
    names: new Set(items.filter(isPlain).map(({ text }) => text.toLowerCase())),
    patterns: items.filter((item) => !isPlain(item)),
  };
});

function means(actions: Element<Pattern>, action: string): boolean {
  const { names, patterns } = namedIn(actions);
  return actions.negated !== (names.has(action) || patterns.some((item) => matchAction(item, action)));
}

/**
 * What policies say of one action: the same layers, with what is about other actions left out. It means the same for
 * requests of that action, and is quickly proved. Undefined where a layer allows none of it.
 */
export function layersOfAction(layers: PolicyLayers, action: string): PolicyLayers | undefined {
  const name = action.toLowerCase();
  const isAllowed = (policies: readonly Policy[]): boolean =>
    policies.some(({ statements }) =>
      statements.some(({ effect, actions }) => effect === 'Allow' && means(actions, name)),
    );
  if (!layers.every(isAllowed)) return undefined;
  const actions = onlyAction(action);
  return layers.map((policies) =>
    policies.map((policy) => ({
      ...policy,
      statements: policy.statements
        .filter((statement) => means(statement.actions, name))
        .map((statement) => ({ ...statement, actions })),
    })),
  );
}
