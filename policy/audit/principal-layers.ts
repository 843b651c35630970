import type { Account, AccountPolicy, AccountRole, AccountUser } from '../account/account.ts';
import { serviceControlLevels } from '../check/service-control-layer.ts';
import type { Policy } from '../parse/policy-model.ts';

/** A user or role with all that decides what it may do. */
export type Held = {
  readonly kind: 'user' | 'role';
  readonly name: string;
  readonly arn: string;
  readonly held: readonly AccountPolicy[];
  /** Of its own policies and its groups', those that could be read. */
  readonly policies: readonly Policy[];
  /** The same, limited by its boundary and the service control policies. */
  readonly layers: readonly (readonly Policy[])[];
  readonly unreadPolicies: readonly string[];
  readonly role?: AccountRole;
  readonly user?: AccountUser;
};

/** Every user and role of an account. Service control policies do not limit the roles that AWS's services made. */
export function principalsOf(account: Account): Held[] {
  const serviceControl = serviceControlLevels(account.serviceControl);
  const heldBy = (
    kind: Held['kind'],
    { name, arn, boundary }: AccountUser | AccountRole,
    held: readonly AccountPolicy[],
    limits: typeof serviceControl,
  ): Held => {
    const policies = held.flatMap(({ policy }) => policy ?? []);
    const unread = [...held, ...(boundary ? [boundary] : [])].filter(({ policy }) => policy === undefined);
    return {
      ...{ kind, name, arn, held, policies },
      // A boundary that cannot be read is not counted: what it would leave is not known, and said to be so.
      layers: [policies, ...(boundary?.policy ? [[boundary.policy]] : []), ...limits],
      unreadPolicies: unread.map((entry) => entry.name),
    };
  };
  return [
    ...account.users.map((user) => ({
      ...heldBy('user', user, [...user.policies, ...user.groupPolicies], serviceControl),
      user,
    })),
    ...account.roles.map((role) => ({
      ...heldBy('role', role, role.policies, isOfService(role) ? [] : serviceControl),
      role,
    })),
  ];
}

/** Whether a service of AWS made the role for itself. */
export const isOfService = ({ path }: Pick<AccountRole, 'path'>): boolean =>
  path.startsWith('/aws-service-role/');
