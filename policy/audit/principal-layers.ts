import type { Account, AccountPolicy, AccountRole, AccountUser } from '../account/account.ts';
import { serviceControlLevels } from '../check/service-control-layer.ts';
import type { RequestContext } from '../evaluate/request-context.ts';
import type { Policy } from '../parse/policy-model.ts';
import { knownKeys, policyFor } from './known-keys.ts';
import { resourceControlLayer } from './resource-control-layer.ts';

/** A user or role with all that decides what it may do. */
export type Held = {
  readonly kind: 'user' | 'role';
  readonly name: string;
  readonly arn: string;
  readonly held: readonly AccountPolicy[];
  /** Of its own policies and its groups', those that could be read. */
  readonly policies: readonly Policy[];
  /** The same as they are for its requests, limited by its boundary and the policies of the organisation. */
  readonly layers: readonly (readonly Policy[])[];
  /** Condition keys that all its requests carry alike. */
  readonly keys: RequestContext;
  /** Resource control policies, which limit who may assume it. */
  readonly resourceControl: readonly (readonly Policy[])[];
  readonly unreadPolicies: readonly string[];
  readonly role?: AccountRole;
  readonly user?: AccountUser;
};

/**
 * Every user and role of an account. The organisation's policies do not limit the roles that AWS's services made. Resource
 * control policies limit what anybody does with the account's resources; what other accounts have is not known here.
 */
export function principalsOf(account: Account): Held[] {
  const resourceControl = resourceControlLayer(account.resourceControl.flatMap(({ policy }) => policy ?? []));
  const limits = [...serviceControlLevels(account.serviceControl), ...resourceControl];
  const heldBy = (
    kind: Held['kind'],
    entry: AccountUser | AccountRole,
    held: readonly AccountPolicy[],
    isLimited = true,
  ): Held => {
    const { name, arn, boundary } = entry;
    const keys = knownKeys(arn);
    const policies = held.flatMap(({ policy }) => policy ?? []);
    const unread = [...held, ...(boundary ? [boundary] : [])].filter(({ policy }) => policy === undefined);
    // A boundary that cannot be read is not counted: what it would leave is not known, and said to be so.
    const layers = [policies, ...(boundary?.policy ? [[boundary.policy]] : []), ...(isLimited ? limits : [])];
    return {
      ...{ kind, name, arn, held, policies, keys },
      layers: layers.map((layer) => layer.map((policy) => policyFor(policy, keys))),
      resourceControl: isLimited ? resourceControl : [],
      unreadPolicies: unread.map(({ name: unreadName }) => unreadName),
    };
  };
  return [
    ...account.users.map((user) => ({
      ...heldBy('user', user, [...user.policies, ...user.groupPolicies]),
      user,
    })),
    ...account.roles.map((role) => ({ ...heldBy('role', role, role.policies, !isOfService(role)), role })),
  ];
}

/** Whether a service of AWS made the role for itself. */
export const isOfService = ({ path }: Pick<AccountRole, 'path'>): boolean =>
  path.startsWith('/aws-service-role/');
