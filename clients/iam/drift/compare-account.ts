import type { Account, AccountRole } from '../../../policy/account/account.ts';
import type { IamData } from '../../../policy/data/iam-data.ts';
import { compareSets, compareWithOpen, type Drift } from '../../../policy/drift/compare-policies.ts';
import { parsePolicyValue } from '../../../policy/parse/parse-policy.ts';
import type { Policy, PolicyType } from '../../../policy/parse/policy-model.ts';
import { scorePolicies } from '../../../policy/score/score-policies.ts';
import type { CommittedRole } from './committed-roles.ts';
import { widestOf } from './widest-of-open.ts';

export type ComparedRole = { readonly name: string; readonly score?: number } & (
  | Drift
  /** A deployment decides parts of what was committed: nothing is allowed that some deployment would not. */
  | { readonly verdict: 'within' }
  | { readonly verdict: 'not deployed' }
);

/** Holds the roles that templates make against those that an account has: what each may do, and who may assume it. */
export function compareAccount(
  account: Account,
  committed: readonly CommittedRole[],
  { known }: IamData,
): { readonly compared: readonly ComparedRole[]; readonly inNoTemplate: readonly string[] } {
  const matched = new Set<string>();
  const compared = committed.flatMap((role): ComparedRole[] => {
    const deployed = account.roles.find(({ name }) => role.isDeployed && name === role.name);
    if (!deployed) return [{ name: `role/${role.name}`, verdict: 'not deployed' }];
    matched.add(deployed.name);
    const policies = deployed.policies.flatMap(({ policy }) => policy ?? []);
    const score = scorePolicies([policies], 'identity');
    return [
      {
        name: `role/${deployed.name}`,
        ...compareIdentity(deployed, role),
        ...(policies.length > 0 && score !== undefined && { score }),
      },
      { name: `role/${deployed.name}/trust`, ...compareTrust(deployed, role) },
    ];
  });
  const inNoTemplate = account.roles
    .filter(({ name, path }) => !matched.has(name) && !path.startsWith('/aws-service-role/'))
    .map(({ name }) => name);
  return { compared, inNoTemplate };

  function compareIdentity(deployed: AccountRole, { policies, ofAws }: CommittedRole) {
    const own = deployed.policies.map(({ policy }) => policy);
    // AWS's own policies are the same wherever they are attached.
    const shared = ofAws.map(
      (name) => account.managed.find((entry) => entry.isOfAws && entry.name === name)?.policy,
    );
    if (own.includes(undefined) || shared.includes(undefined)) return NOT_READ;
    return compare(own as Policy[], policies, shared as Policy[], 'identity');
  }

  function compareTrust(deployed: AccountRole, { trust }: CommittedRole) {
    return deployed.trust.policy ? compare([deployed.trust.policy], [trust], [], 'trust') : NOT_READ;
  }

  function compare(
    deployed: readonly Policy[],
    documents: readonly unknown[],
    shared: readonly Policy[],
    type: PolicyType,
  ) {
    const widest = documents.map(widestOf);
    const read = widest.flatMap((entry) => {
      const parsed = entry && parsePolicyValue(entry.document, type);
      return parsed?.ok ? [parsed.policy] : [];
    });
    if (widest.includes(undefined) || read.length < documents.length) return OPEN;
    const all = [...read, ...shared];
    return widest.some((entry) => entry?.isOpen)
      ? compareWithOpen(deployed, all, known)
      : compareSets(deployed, all, known);
  }
}

const NOT_READ = { verdict: 'unknown', why: 'not-a-policy' } as const;
const OPEN = { verdict: 'unknown', why: 'policy-variable' } as const;
