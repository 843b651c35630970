import type { Account, AccountPolicy, AccountRole, AccountUser } from '../account/account.ts';
import type { AccountRules } from '../account/account-check.ts';
import { type CheckedAccount, checkAccount } from '../account/check-account.ts';
import type { Holder } from '../check/check.ts';
import { checkPolicy, layersOf } from '../check/check-policy.ts';
import { findPaths } from '../check/escalation/find-paths.ts';
import { findingsOfPaths } from '../check/escalation/findings-of-paths.ts';
import type { Finding } from '../check/finding.ts';
import { serviceControlLayer } from '../check/service-control-layer.ts';
import type { IamData } from '../data/iam-data.ts';
import type { Policy, PolicyType } from '../parse/policy-model.ts';
import { scorePolicies } from '../score/score-policies.ts';
import { type ActionUse, usesOf } from './uses-of.ts';

/** One user or role, by its effective access. */
export type AuditedPrincipal = {
  readonly name: string;
  readonly arn: string;
  readonly kind: 'user' | 'role';
  /** Absent where a proof is not decided, or a policy cannot be read. */
  readonly score?: number;
  /** Ways to gain rights, with all of its policies, its boundary and the service control policies counted. */
  readonly escalations: readonly Finding[];
  /** Of each granted service or action: whether it was used. */
  readonly uses: readonly ActionUse[];
  /** Policies that could not be read: what they allow is not counted. */
  readonly unreadPolicies: readonly string[];
};

export type Audit = CheckedAccount & {
  readonly account: string;
  readonly collectedAt: string;
  /** The worst first. */
  readonly principals: readonly AuditedPrincipal[];
  /** That of the worst principal: an account is as open as it is. Absent where one has none. */
  readonly score?: number;
};

/** What is wrong with the account's own policies, each by itself: those of AWS are counted and not checked. */
function findingsOfPolicies(account: Account, data: IamData): Finding[] {
  const around = { data, account: account.id };
  const check = (
    name: string,
    { text, isOfAws, isInline }: AccountPolicy,
    type: PolicyType,
    holder: Holder,
  ): Finding[] => {
    if (isOfAws || text === '') return [];
    const input = { name, type, text, holder: isInline ? holder : ('managed' as const) };
    return [...checkPolicy(input, around, { escalation: false }).findings];
  };
  const inline = ({ policies, name }: AccountUser | AccountRole, kind: 'user' | 'role') =>
    policies
      .filter(({ isInline }) => isInline)
      .flatMap((entry) => check(`${kind}/${name}/${entry.name}`, entry, 'identity', kind));
  return [
    ...account.managed.flatMap((entry) => check(`policy/${entry.name}`, entry, 'identity', 'managed')),
    ...account.users.flatMap((user) => inline(user, 'user')),
    ...account.roles.flatMap((role) => [
      ...inline(role, 'role'),
      // Roles that AWS's services made for themselves trust those services alone.
      ...(role.path.startsWith('/aws-service-role/')
        ? []
        : check(`role/${role.name}/trust`, role.trust, 'trust', 'role')),
    ]),
    ...account.serviceControl.flatMap((entry) => check(`scp/${entry.name}`, entry, 'scp', 'managed')),
  ];
}

/** Judges an account as it was collected. What was not collected is named, never guessed. */
export function auditAccount(account: Account, rules: AccountRules, data: IamData): Audit {
  const serviceControl = serviceControlLayer(account.serviceControl.flatMap(({ policy }) => policy ?? []));
  const principals = [
    ...account.users.map((user) =>
      auditPrincipal('user', user, [...user.policies, ...user.groupPolicies], account),
    ),
    ...account.roles.map((role) => auditPrincipal('role', role, role.policies, account)),
  ].sort((entry, other) => (entry.score ?? -1) - (other.score ?? -1) || (entry.name < other.name ? -1 : 1));
  const worst = principals[0]?.score;
  const checked = checkAccount(account, rules);
  return {
    account: account.id,
    collectedAt: account.collectedAt.toISOString(),
    notAssessed: checked.notAssessed,
    findings: [...checked.findings, ...findingsOfPolicies(account, data)],
    principals,
    ...(worst !== undefined && { score: worst }),
  };

  function auditPrincipal(
    kind: AuditedPrincipal['kind'],
    principal: AccountUser | AccountRole,
    held: readonly AccountPolicy[],
    { collectedAt }: Account,
  ): AuditedPrincipal {
    const { name, arn, boundary } = principal;
    const all = boundary ? [...held, boundary] : held;
    const unreadPolicies = all.filter(({ policy }) => policy === undefined).map((entry) => entry.name);
    const policies = held.flatMap(({ policy }): Policy[] => (policy ? [policy] : []));
    const limits = [...(boundary?.policy ? [[boundary.policy]] : []), ...serviceControl];
    const layers = layersOf(policies, { data, limits });
    const isWhole = unreadPolicies.length === 0;
    const score = policies.length === 0 ? 100 : scorePolicies(layers, 'identity');
    const services = 'services' in principal ? principal.services : undefined;
    return {
      ...{ name, arn, kind, unreadPolicies },
      ...(isWhole && score !== undefined && { score }),
      escalations: policies.length === 0 ? [] : findingsOfPaths(name, findPaths(layers, data)),
      uses: usesOf(policies, services, collectedAt, data),
    };
  }
}
