import type { Account, AccountPolicy, AccountRole, AccountUser, Gap, SeenCall } from '../account/account.ts';
import type { AccountRules } from '../account/account-check.ts';
import { type CheckedAccount, checkAccount } from '../account/check-account.ts';
import type { Holder } from '../check/check.ts';
import { checkPolicy } from '../check/check-policy.ts';
import { findPaths, type Known } from '../check/escalation/find-paths.ts';
import { findingsOfPaths } from '../check/escalation/findings-of-paths.ts';
import type { Finding } from '../check/finding.ts';
import type { IamData } from '../data/iam-data.ts';
import { groupBy } from '../group-by.ts';
import type { PolicyType } from '../parse/policy-model.ts';
import { scorePolicies } from '../score/score-policies.ts';
import { type EffectiveAccess, effectiveAccess } from './effective-access.ts';
import { type Held, isOfService, principalsOf } from './principal-layers.ts';
import { type Entry, findEntries } from './reach/find-entries.ts';
import { type Step, stepsFrom, targetsOf } from './reach/find-steps.ts';
import { reachOf, stepsByStart, worstReached } from './reach/follow-steps.ts';
import { type IsPossible, makeIsPossible } from './reach/is-possible.ts';
import { type ActionUse, type Traces, usesOf } from './uses-of.ts';

/** One user or role, by its effective access. */
export type AuditedPrincipal = {
  readonly name: string;
  readonly arn: string;
  readonly kind: 'user' | 'role';
  /** Absent where a proof is not decided, or a policy cannot be read. */
  readonly score?: number;
  readonly access: EffectiveAccess;
  /** Ways to gain rights, with all of its policies, its boundary and the service control policies counted. */
  readonly escalations: readonly Finding[];
  /** Of each granted service or action: whether it was used. */
  readonly uses: readonly ActionUse[];
  /** Policies that could not be read: what they allow is not counted. */
  readonly unreadPolicies: readonly string[];
  /** How somebody gets to it from outside, step by step; absent where no way is known. */
  readonly wayTo?: readonly Step[];
  /** The worst that it can become, where that is worse than it is itself. */
  readonly reaches?: { readonly name: string; readonly score: number };
  /** When it was last used by anything that was collected. */
  readonly lastUsed?: Date;
};

export type Audit = CheckedAccount & {
  readonly account: string;
  readonly collectedAt: string;
  /** Whoever can be reached first, the worst first among them. */
  readonly principals: readonly AuditedPrincipal[];
  /** That of the worst principal that can be reached: an account is as open as it is. Absent where one has none. */
  readonly score?: number;
  /** Where ways into the account begin. */
  readonly entries: readonly Entry[];
  /** What could not be read, and so is not counted. */
  readonly gaps: readonly Gap[];
  /** What trails showed, in figures; absent where none was read. */
  readonly seen?: {
    readonly events: number;
    readonly unread: number;
    readonly from?: string;
    readonly until?: string;
  };
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
      ...(isOfService(role) ? [] : check(`role/${role.name}/trust`, role.trust, 'trust', 'role')),
    ]),
    ...account.serviceControl.flatMap((entry) => check(`scp/${entry.name}`, entry, 'scp', 'managed')),
    ...account.resourceControl.flatMap((entry) => check(`rcp/${entry.name}`, entry, 'rcp', 'managed')),
  ];
}

/** Judges an account as it was collected. What was not collected is named, never guessed. */
export function auditAccount(
  account: Account,
  rules: AccountRules,
  data: IamData,
  isPossible: IsPossible = makeIsPossible(),
): Audit {
  const held = principalsOf(account);
  const known = { data, ...attachableOf(account) };
  const judged = held.map((principal) => {
    const paths = principal.policies.length === 0 ? [] : findPaths(principal.layers, known);
    return { principal, paths, score: scoreOf(principal) };
  });
  const targets = targetsOf(held, isPossible);
  const steps = stepsByStart(
    judged.flatMap(({ principal, paths, score }) =>
      // Nothing is worse than what may do everything: where else it gets to says nothing more.
      score === 0 ? [] : stepsFrom(principal, paths, targets, isPossible),
    ),
  );
  const entries = findEntries(held, account.id, isPossible);
  const arns = held.map(({ arn }) => arn);
  const wayTo = reachOf(entries, steps, arns);
  const worst = worstReached(
    judged.map(({ principal: { arn, name }, score }) => ({ arn, name, score })),
    steps,
  );
  const calls = groupBy(account.seen?.calls ?? [], ({ principal }) => principal);
  const principals = judged.map(({ principal, paths, score }): AuditedPrincipal => {
    const { name, arn, kind, unreadPolicies, policies } = principal;
    const way = wayTo.get(arn);
    const reaches = worst.get(arn);
    const uses = usesOf(policies, tracesOf(account, principal, calls.get(arn) ?? []), data);
    const lastUsed = lastUseOf(principal, calls.get(arn) ?? []);
    return {
      ...{ name, arn, kind, unreadPolicies, uses },
      ...(score !== undefined && { score }),
      access: policies.length === 0 ? NO_ACCESS : effectiveAccess(principal, data),
      escalations: findingsOfPaths(name, paths),
      ...(way && { wayTo: way }),
      ...(reaches && { reaches }),
      ...(lastUsed && { lastUsed }),
    };
  });
  const reachable = principals.filter((principal) => principal.wayTo);
  const checked = checkAccount(account, rules);
  const { seen } = account;
  return {
    account: account.id,
    collectedAt: account.collectedAt.toISOString(),
    notAssessed: checked.notAssessed,
    findings: [...checked.findings, ...findingsOfPolicies(account, data)],
    principals: principals.sort(byWorst),
    entries,
    gaps: account.gaps,
    ...scoreOfAll(reachable),
    ...(seen && {
      seen: {
        ...{ events: seen.events, unread: seen.unread },
        ...(seen.from && { from: seen.from.toISOString() }),
        ...(seen.until && { until: seen.until.toISOString() }),
      },
    }),
  };
}

/** The policies that somebody could attach, and those of them that cannot be read. */
function attachableOf({ managed }: Account): Omit<Known, 'data'> {
  return {
    managed: new Map(
      managed.flatMap(({ arn, policy }) => (arn !== undefined && policy ? [[arn, policy]] : [])),
    ),
    unknownOfAccount: managed.flatMap(({ arn, policy }) => (arn !== undefined && !policy ? [arn] : [])),
  };
}

const NO_ACCESS: EffectiveAccess = { isWhole: false, services: [] };

/** Undefined where a policy could not be read, or a proof is not decided: a score that may be wrong is none. */
function scoreOf({ layers, policies, unreadPolicies }: Held): number | undefined {
  if (unreadPolicies.length > 0) return undefined;
  return policies.length === 0 ? 100 : scorePolicies(layers, 'identity');
}

/** The least of those that can be reached; 100 where nobody can. */
function scoreOfAll(reachable: readonly AuditedPrincipal[]): { score?: number } {
  const scores = reachable.map(({ score }) => score);
  return scores.includes(undefined) ? {} : { score: Math.min(100, ...scores.map((score = 100) => score)) };
}

/** Whoever can be reached comes first; then the worst, and whose score is not known before all. */
function byWorst(first: AuditedPrincipal, other: AuditedPrincipal): number {
  return (
    Number(!first.wayTo) - Number(!other.wayTo) ||
    (first.score ?? -1) - (other.score ?? -1) ||
    (first.reaches?.score ?? 101) - (other.reaches?.score ?? 101) ||
    (first.name < other.name ? -1 : 1)
  );
}

function tracesOf({ collectedAt, seen }: Account, { user, role }: Held, calls: readonly SeenCall[]): Traces {
  const { services, created } = user ?? role ?? {};
  return { services, created, calls, seen, collectedAt };
}

function lastUseOf({ user, role }: Held, calls: readonly SeenCall[]): Date | undefined {
  const { credentials } = user ?? {};
  const moments = [
    role?.lastUsed,
    credentials?.passwordLastUsed,
    ...(credentials?.keys ?? []).map(({ lastUsed }) => lastUsed),
    ...((user ?? role)?.services ?? []).map(({ lastUsed }) => lastUsed),
    ...calls.map(({ last }) => last),
  ].filter((moment) => moment !== undefined);
  return moments.length === 0 ? undefined : new Date(Math.max(...moments.map((moment) => moment.getTime())));
}
