import { readFileSync } from 'node:fs';
import { checkPolicy, checkPrincipal } from '../../../policy/check/check-policy.ts';
import { ALL_PATHS } from '../../../policy/check/escalation/all-paths.ts';
import { serviceControlLayer } from '../../../policy/check/service-control-layer.ts';
import { data, policyOf } from './check-case.ts';

/** The policies of one principal, with what limits them, and whether they lead to more rights by AWS's semantics. */
export type EscalationCase = {
  readonly name: string;
  readonly escalates: boolean;
  readonly policies: readonly object[];
  readonly boundary?: object;
  readonly scp?: object;
};

export const escalationCases = (): readonly EscalationCase[] =>
  JSON.parse(readFileSync('test/cases/policy/escalation/unseen.json', 'utf8'));

const GAINS_RIGHTS = new Set(ALL_PATHS.filter(({ category }) => category !== 'impact').map(({ id }) => id));

/** The ways to more rights that are told of a case. */
export function pathsTold({ policies, boundary, scp }: EscalationCase): string[] {
  const limits = [
    ...(boundary ? [[policyOf(boundary, 'boundary')]] : []),
    ...(scp ? serviceControlLayer([policyOf(scp, 'scp')]) : []),
  ];
  const around = { data, account: '123456789012', limits };
  const checked = policies.map((policy, nth) =>
    checkPolicy({ name: String(nth), type: 'identity', text: JSON.stringify(policy) }, around),
  );
  // Of several, what they make together decides: one may deny what another allows.
  const told =
    checked.length === 1
      ? (checked[0]?.findings ?? [])
      : checkPrincipal(
          'all',
          checked.map((policy) => ({ ...policy, findings: [] })),
          around,
        ).findings;
  return [...new Set(told.map(({ id }) => id))].filter((id) => GAINS_RIGHTS.has(id));
}
