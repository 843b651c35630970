import type { Account, AccountRole } from '../../../policy/account/account.ts';
import type { IamData } from '../../../policy/data/iam-data.ts';
import { compareSets, compareWithOpen, type Drift } from '../../../policy/drift/compare-policies.ts';
import { parsePolicyValue } from '../../../policy/parse/parse-policy.ts';
import type { Policy, PolicyType } from '../../../policy/parse/policy-model.ts';
import { scorePolicies } from '../../../policy/score/score-policies.ts';
import { acrossWorlds, type Depends } from './across-worlds.ts';
import type { CommittedRole, RoleVariant } from './committed-roles.ts';
import { widestOf } from './widest-of-open.ts';

type Found =
  | Drift
  /** A deployment decides parts of what was committed: nothing is allowed that some deployment would not. */
  | { readonly verdict: 'within' }
  /** The template makes it in other deployments. */
  | { readonly verdict: 'not committed' };

export type ComparedRole = { readonly name: string; readonly score?: number } & (
  | Found
  | Depends<Found>
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
        ...inEach(role, (has) => compareIdentity(deployed, has)),
        ...(policies.length > 0 && score !== undefined && { score }),
      },
      { name: `role/${deployed.name}/trust`, ...inEach(role, (has) => compareTrust(deployed, has)) },
    ];
  });
  const inNoTemplate = account.roles
    .filter(({ name, path }) => !matched.has(name) && !path.startsWith('/aws-service-role/'))
    .map(({ name }) => name);
  return { compared, inNoTemplate };

  function compareIdentity(deployed: AccountRole, { policies, ofAws }: RoleVariant): Found {
    const own = deployed.policies.map(({ policy }) => policy);
    // AWS's own policies are the same wherever they are attached.
    const shared = ofAws.map(
      (name) => account.managed.find((entry) => entry.isOfAws && entry.name === name)?.policy,
    );
    if (own.includes(undefined) || shared.includes(undefined)) return NOT_READ;
    return compare(own as Policy[], policies, shared as Policy[], 'identity');
  }

  function compareTrust(deployed: AccountRole, { trust }: RoleVariant): Found {
    return deployed.trust.policy ? compare([deployed.trust.policy], [trust], [], 'trust') : NOT_READ;
  }

  function compare(
    deployed: readonly Policy[],
    documents: readonly unknown[],
    shared: readonly Policy[],
    type: PolicyType,
  ): Found {
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

/** The answer of every deployment that the conditions of a template tell apart: each is proved by itself. */
function inEach(
  { variants, isWhole }: CommittedRole,
  compare: (has: RoleVariant) => Found,
): Found | Depends<Found> {
  if (!isWhole) return TOO_MANY;
  const all = variants.map(({ world, has }) => ({
    worlds: [world],
    found: has ? compare(has) : ({ verdict: 'not committed' } as const),
  }));
  return acrossWorlds<Found>(all) ?? { verdict: 'not committed' };
}

const TOO_MANY = { verdict: 'unknown', why: 'out-of-steps' } as const;
const NOT_READ = { verdict: 'unknown', why: 'not-a-policy' } as const;
const OPEN = { verdict: 'unknown', why: 'policy-variable' } as const;
