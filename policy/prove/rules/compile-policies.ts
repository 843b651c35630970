import type { Policy, Statement } from '../../parse/policy-model.ts';
import { hasNegatedVariable, type Leaning, withoutItsVariables } from './approximate.ts';
import { compileRule } from './compile-rule.ts';
import type { Rule, Test } from './rule.ts';

/**
 * Policies as they combine: a request is allowed where, in every layer, some policy allows it, and no policy of any
 * layer denies it. The layers are the identity's policies, its boundary, the session's policies, and each level of
 * service control policies.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */
export type PolicyLayers = readonly (readonly Policy[])[];

/** The rules of layers: the Allow rules of each, and all that deny. */
export type RuleSet = {
  readonly allows: readonly (readonly Rule[])[];
  readonly denies: readonly Rule[];
};

/** Which side of the question a set of policies stands on; it says which way to lean. */
export type Side = 'candidate' | 'reference';

const leaningOf = ({ effect }: Statement, side: Side): Leaning =>
  (effect === 'Allow') === (side === 'candidate') ? 'wider' : 'narrower';

/** The rules of all statements, those that lean to nothing left out. */
function compileLayers(layers: PolicyLayers, side: Side, prepare: typeof withoutItsVariables): RuleSet {
  const rules = layers.map((policies) =>
    policies
      .flatMap(({ statements }) => statements)
      .flatMap((statement) => {
        const leaning = leaningOf(statement, side);
        const prepared = prepare(statement, leaning);
        return prepared ? [compileRule(prepared, leaning)] : [];
      }),
  );
  return {
    allows: rules.map((layer) => layer.filter(({ allows }) => allows)),
    denies: rules.flat().filter(({ allows }) => !allows),
  };
}

/** What is made of policies once, for all the proofs that they stand in. */
export type CompiledPolicies = {
  readonly layers: PolicyLayers;
  readonly side: Side;
  /** Policy variables are letters of their own. */
  readonly rules: RuleSet;
  /** The same without variables: made where it is needed. */
  readonly widened: () => RuleSet;
  readonly hasNegatedVariable: boolean;
  /** The keys that a set operator is used on, and those that any other is. */
  readonly setKeys: ReadonlySet<string>;
  readonly plainKeys: ReadonlySet<string>;
};

/** Throws where there are no layers: nothing would stand in the way of any request. */
export function compilePolicies(layers: PolicyLayers, side: Side): CompiledPolicies {
  if (layers.length === 0) throw new RangeError('There are no policies to prove anything of');
  const rules = compileLayers(layers, side, (statement) => statement);
  let widened: RuleSet | undefined;
  const statements = layers.flat().flatMap((policy) => policy.statements);
  const tests = [...rules.allows.flat(), ...rules.denies].flatMap(testsOf);
  return {
    layers,
    side,
    rules,
    widened: () => {
      widened ??= compileLayers(layers, side, withoutItsVariables);
      return widened;
    },
    hasNegatedVariable: statements.some(hasNegatedVariable),
    setKeys: new Set(
      tests.filter((test) => !test.isPlain && test.among.kind !== 'any').map(({ key }) => key),
    ),
    plainKeys: new Set(tests.filter((test) => test.isPlain).map(({ key }) => key)),
  };
}

const testsOf = ({ clauses }: Rule): Test[] => clauses.flatMap(({ holds }) => holds.flat());
