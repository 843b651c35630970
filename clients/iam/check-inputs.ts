import type { Surroundings } from '../../policy/check/check.ts';
import { type CheckedPolicy, checkPolicy, checkPrincipal } from '../../policy/check/check-policy.ts';
import { serviceControlLayer } from '../../policy/check/service-control-layer.ts';
import type { PolicyType } from '../../policy/parse/policy-model.ts';
import { PosternError } from '../sdk/postern-error.ts';
import type { FoundPolicy, Unread } from './inputs/named-policy.ts';
import type { Inputs } from './inputs/read-inputs.ts';
import { type CheckedVariant, mergeWorlds } from './merge-worlds.ts';

/** What was found in all that was given. */
export type CheckReport = {
  readonly policies: readonly CheckedPolicy[];
  /** What could not be looked at, and why. */
  readonly unread: readonly Unread[];
};

const LIMITS: readonly PolicyType[] = ['boundary', 'scp'];

/** Checks one. What goes wrong over one policy says which it was: half an answer would look like a whole one. */
export function checkOne(given: FoundPolicy, around: Surroundings): CheckedPolicy {
  const { name, type, holder, root, text = '' } = given;
  try {
    return checkPolicy({ name, type, ...(holder && { holder }), ...(root ? { root } : { text }) }, around);
  } catch (error) {
    const why = error instanceof Error ? error.message : 'unknown error';
    throw new PosternError({ code: 'invalid_policy', detail: `${name} could not be judged: ${why}` });
  }
}

/** Boundaries and service control policies, which are checked first, and what they limit. */
export type Limited = {
  readonly limiting: readonly CheckedVariant[];
  readonly around: Surroundings;
  /** What is left to check, each by itself. */
  readonly others: readonly FoundPolicy[];
};

/** Boundaries and service control policies limit the identity policies beside them. */
export function limitedBy(found: readonly FoundPolicy[], around: Surroundings): Limited {
  const limiting = found
    .filter(({ type }) => LIMITS.includes(type))
    .map((given) => ({ checked: checkOne(given, around), worlds: given.worlds }));
  // What only some deployments of a template have limits nothing for certain.
  const readOf = (wanted: PolicyType) =>
    limiting.flatMap(({ checked: { type, policy }, worlds }) =>
      type === wanted && policy && worlds === undefined ? [policy] : [],
    );
  const limits = [
    ...(around.limits ?? []),
    ...readOf('boundary').map((boundary) => [boundary]),
    ...serviceControlLayer(readOf('scp')),
  ];
  const others = found.filter(({ type }) => !LIMITS.includes(type));
  return { limiting, around: { ...around, limits }, others };
}

/** Whose policies are judged together with it; undefined where it is judged alone. */
export const principalOf = ({ type, principal }: FoundPolicy, together: boolean): string | undefined => {
  if (type !== 'identity') return undefined;
  return together ? 'all together' : principal;
};

/** The report of all, where each of the others was checked, in their order. */
export function reportOf(
  { limiting, around, others }: Limited,
  checked: readonly CheckedPolicy[],
  unread: readonly Unread[],
  together: boolean,
): CheckReport {
  const variants = checked.map(
    (policy, nth): CheckedVariant => ({ checked: policy, worlds: others[nth]?.worlds }),
  );
  const principals = new Map<string, CheckedVariant[]>();
  for (const [nth, variant] of variants.entries()) {
    const given = others[nth];
    const principal = given && principalOf(given, together);
    if (principal === undefined) continue;
    principals.set(principal, [...(principals.get(principal) ?? []), variant]);
  }
  const several = [...principals].flatMap(([name, policies]) => checkTogether(name, policies, around));
  return { policies: mergeWorlds([...limiting, ...variants, ...several]), unread };
}

/** The policies of one principal together, as each deployment has them. */
function checkTogether(
  name: string,
  variants: readonly CheckedVariant[],
  around: Surroundings,
): CheckedVariant[] {
  const all = [...new Set(variants.flatMap(({ worlds }) => worlds?.all ?? []))];
  const isThere = ({ worlds }: CheckedVariant, world: string | undefined): boolean =>
    world === undefined || !worlds?.all.includes(world) || worlds.there.includes(world);
  const made = new Map<string, { policies: readonly CheckedPolicy[]; there: string[] }>();
  for (const world of all.length > 0 ? all : [undefined]) {
    const present = variants.filter((variant) => isThere(variant, world));
    const key = present.map((variant) => variants.indexOf(variant)).join();
    const before = made.get(key) ?? { policies: present.map(({ checked }) => checked), there: [] };
    made.set(key, { ...before, there: [...before.there, ...(world === undefined ? [] : [world])] });
  }
  return [...made.values()]
    .filter(({ policies }) => policies.length > 1)
    .map(({ policies, there }) => ({
      checked: checkPrincipal(name, policies, around),
      ...(all.length > 0 && { worlds: { there, all } }),
    }));
}

/**
 * Checks all that was read. `together`: the identity policies are those of one principal; those of a template's role
 * always are.
 */
export function checkInputs({ found, unread }: Inputs, around: Surroundings, together = false): CheckReport {
  const limited = limitedBy(found, around);
  const checked = limited.others.map((given) => checkOne(given, limited.around));
  return reportOf(limited, checked, unread, together);
}
