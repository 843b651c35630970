import type { Surroundings } from '../../policy/check/check.ts';
import { type CheckedPolicy, checkPolicy, checkPrincipal } from '../../policy/check/check-policy.ts';
import { serviceControlLayer } from '../../policy/check/service-control-layer.ts';
import type { PolicyType } from '../../policy/parse/policy-model.ts';
import type { FoundPolicy, Unread } from './inputs/named-policy.ts';
import type { Inputs } from './inputs/read-inputs.ts';

/** What was found in all that was given. */
export type CheckReport = {
  readonly policies: readonly CheckedPolicy[];
  /** What could not be looked at, and why. */
  readonly unread: readonly Unread[];
};

const LIMITS: readonly PolicyType[] = ['boundary', 'scp'];

const check = (one: FoundPolicy, around: Surroundings): CheckedPolicy =>
  checkPolicy(
    {
      name: one.name,
      type: one.type,
      ...(one.holder && { holder: one.holder }),
      ...(one.root ? { root: one.root } : { text: one.text ?? '' }),
    },
    around,
  );

/**
 * Checks all that was read. Boundaries and service control policies are checked, and limit the identity policies
 * beside them. `together`: the identity policies are those of one principal; those of a template's role always are.
 */
export function checkInputs({ found, unread }: Inputs, around: Surroundings, together = false): CheckReport {
  const limiting = found.filter(({ type }) => LIMITS.includes(type)).map((one) => check(one, around));
  const readOf = (type: PolicyType) =>
    limiting.flatMap((one) => (one.type === type && one.policy ? [one.policy] : []));
  const limits = [
    ...(around.limits ?? []),
    ...readOf('boundary').map((boundary) => [boundary]),
    ...serviceControlLayer(readOf('scp')),
  ];
  const limited = { ...around, limits };
  const others = found
    .filter(({ type }) => !LIMITS.includes(type))
    .map((one) => ({ one, checked: check(one, limited) }));
  const principals = new Map<string, CheckedPolicy[]>();
  for (const { one, checked } of others) {
    const principal = together ? 'all together' : one.principal;
    if (one.type !== 'identity' || principal === undefined) continue;
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
