import type { Surroundings } from '../../policy/check/check.ts';
import { type CheckedPolicy, checkPolicy, checkPrincipal } from '../../policy/check/check-policy.ts';
import { serviceControlLayer } from '../../policy/check/service-control-layer.ts';
import type { PolicyType } from '../../policy/parse/policy-model.ts';
import { PosternError } from '../sdk/postern-error.ts';
import type { FoundPolicy, Unread } from './inputs/named-policy.ts';
import type { Inputs } from './inputs/read-inputs.ts';

/** What was found in all that was given. */
export type CheckReport = {
  readonly policies: readonly CheckedPolicy[];
  /** What could not be looked at, and why. */
  readonly unread: readonly Unread[];
};

const LIMITS: readonly PolicyType[] = ['boundary', 'scp'];

/** Checks one. What goes wrong over one policy says which it was: half an answer would look like a whole one. */
function check(given: FoundPolicy, around: Surroundings): CheckedPolicy {
  const { name, type, holder, root, text = '' } = given;
  try {
    return checkPolicy({ name, type, ...(holder && { holder }), ...(root ? { root } : { text }) }, around);
  } catch (error) {
    const why = error instanceof Error ? error.message : 'unknown error';
    throw new PosternError({ code: 'invalid_policy', detail: `${name} could not be judged: ${why}` });
  }
}

/**
 * Checks all that was read. Boundaries and service control policies are checked, and limit the identity policies
 * beside them. `together`: the identity policies are those of one principal; those of a template's role always are.
 */
export function checkInputs({ found, unread }: Inputs, around: Surroundings, together = false): CheckReport {
  const limiting = found.filter(({ type }) => LIMITS.includes(type)).map((given) => check(given, around));
  const readOf = (type: PolicyType) =>
    limiting.flatMap((given) => (given.type === type && given.policy ? [given.policy] : []));
  const limits = [
    ...(around.limits ?? []),
    ...readOf('boundary').map((boundary) => [boundary]),
    ...serviceControlLayer(readOf('scp')),
  ];
  const limited = { ...around, limits };
  const others = found
    .filter(({ type }) => !LIMITS.includes(type))
    .map((given) => ({ given, checked: check(given, limited) }));
  const principals = new Map<string, CheckedPolicy[]>();
  for (const { given, checked } of others) {
    const principal = together ? 'all together' : given.principal;
    if (given.type !== 'identity' || principal === undefined) continue;
    principals.set(principal, [...(principals.get(principal) ?? []), checked]);
  }
  const several = [...principals].filter(([, policies]) => policies.length > 1);
  return {
    policies: [
      ...limiting,
      ...others.map(({ checked }) => checked),
      ...several.map(([name, policies]) => checkPrincipal(name, policies, limited)),
    ],
    unread,
  };
}
