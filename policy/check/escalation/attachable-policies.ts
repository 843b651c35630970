import type { PolicyWorth } from '../../data/iam-data.ts';
import type { Policy } from '../../parse/policy-model.ts';
import { ownPolicy } from '../../questions/satisfiable.ts';
import { hasVariable, hasWildcard } from '../matched-actions.ts';

/** In every request that attaches a policy, or takes one away: its ARN. */
export const POLICY_ARN = 'iam:PolicyARN';
const KEY = POLICY_ARN.toLowerCase();

/** Policies that may be attached, by what they open to whoever has them: a way to escalate, and how grave; or none. */
export type Attachable = ReadonlyMap<PolicyWorth, readonly string[]>;

/** Whether policies say which policies may be attached. */
export const saysWhatIsAttached = (layers: readonly (readonly Policy[])[]): boolean =>
  conditionsOn(layers).length > 0;

const conditionsOn = (layers: readonly (readonly Policy[])[]) =>
  layers
    .flat()
    .flatMap(({ statements }) => statements)
    .flatMap(({ conditions }) => conditions.filter(({ key }) => key === KEY));

/** The partitions that the conditions name: an account is of one. */
function partitionsIn(layers: readonly (readonly Policy[])[]): string[] {
  const named = conditionsOn(layers)
    .flatMap(({ values }) => values)
    .flatMap(({ text }) => /^arn:(aws[a-z-]*):/.exec(text)?.[1] ?? []);
  return named.length > 0 ? [...new Set(named)] : ['aws'];
}

/** AWS's managed policies, and those that were given: what was given is newer than what is known. */
export function attachableOf(
  layers: readonly (readonly Policy[])[],
  ofAws: ReadonlyMap<string, PolicyWorth>,
  given: ReadonlyMap<string, PolicyWorth>,
): Attachable {
  const worths = new Map(given);
  for (const partition of partitionsIn(layers)) {
    for (const [name, worth] of ofAws) {
      const arn = `arn:${partition}:iam::aws:policy/${name}`;
      if (!worths.has(arn)) worths.set(arn, worth);
    }
  }
  const byWorth = new Map<PolicyWorth, string[]>();
  for (const [arn, worth] of worths) byWorth.set(worth, [...(byWorth.get(worth) ?? []), arn]);
  return byWorth;
}

const limitedTo = (Condition: object): Policy =>
  ownPolicy([{ Effect: 'Allow', Action: '*', Resource: '*', Condition }]);

/** Requests that attach one of these. */
export const attaching = (arns: readonly string[]): Policy =>
  limitedTo({ StringEquals: { [POLICY_ARN]: arns } });

/** Of an account nobody knows which policies it has, where that was not given. */
export const ANY_OF_ACCOUNT = 'arn:*:iam::????????????:policy/*';

/** Policies of AWS that conditions name and that are not known. A pattern stands for those that are. */
function unknownOfAws(layers: readonly (readonly Policy[])[], known: Attachable): string[] {
  const all = new Set([...known.values()].flat());
  return conditionsOn(layers)
    .flatMap(({ values }) => values)
    .filter((value) => !hasWildcard(value) && !hasVariable(value))
    .map(({ text }) => text)
    .filter((text) => /^arn:[^:]*:iam::aws:policy\/./.test(text) && !all.has(text));
}

/** Requests that attach a policy of which it is not known what it opens; undefined where there can be none. */
export function attachingUnknown(
  layers: readonly (readonly Policy[])[],
  known: Attachable,
  ofAccount: readonly string[] = [ANY_OF_ACCOUNT],
): Policy | undefined {
  const unknown = [...ofAccount, ...unknownOfAws(layers, known)];
  return unknown.length > 0 ? limitedTo({ ArnLike: { [POLICY_ARN]: unknown } }) : undefined;
}

/** Requests that attach a policy of the account's own. */
export const attachingOwn = (): Policy => limitedTo({ ArnLike: { [POLICY_ARN]: ANY_OF_ACCOUNT } });

const POSITIVE = /^(?:String(?:Equals|EqualsIgnoreCase|Like)|Arn(?:Equals|Like))$/;

/** What patterns say may be attached of the account's own; all of it, where some statement does not say. */
export function ownPatterns([identity = []]: readonly (readonly Policy[])[]): readonly string[] {
  const named = identity
    .flatMap(({ statements }) => statements.filter(({ effect }) => effect === 'Allow'))
    .map(({ conditions }) =>
      conditions
        .filter(({ key, operator }) => key === KEY && POSITIVE.test(operator.name) && !operator.ifExists)
        .flatMap(({ values }) => values.map(({ text }) => text)),
    );
  if (named.some(({ length }) => length === 0)) return ['arn:*:iam::*:policy/*'];
  return named.flat().filter((text) => !/^arn:[^:]*:iam::aws:/.test(text));
}
