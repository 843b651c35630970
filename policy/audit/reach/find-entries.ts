import type { AccountRole } from '../../account/account.ts';
import { type RequestContext, requestContext } from '../../evaluate/request-context.ts';
import type { Principal, Statement } from '../../parse/policy-model.ts';
import { ownPolicy } from '../../questions/satisfiable.ts';
import { knownKeys } from '../known-keys.ts';
import type { Held } from '../principal-layers.ts';
import { makeTrusts } from './find-steps.ts';
import type { IsPossible } from './is-possible.ts';
import type { Caller } from './means-caller.ts';

/** Who is where a way into an account begins. */
export type Entry = {
  readonly from: string;
  readonly kind: 'credentials' | 'anybody' | 'other account' | 'identity provider' | 'service';
  readonly to: string;
};

const ASSUMING = ['sts:AssumeRole', 'sts:AssumeRoleWithWebIdentity', 'sts:AssumeRoleWithSAML'] as const;
const NO_KEYS = requestContext({});

/** Where ways into an account begin: people's credentials, and whoever a trust lets in from outside. */
export function findEntries(principals: readonly Held[], account: string, isPossible: IsPossible): Entry[] {
  return principals.flatMap((held): Entry[] => {
    const { user, role, arn } = held;
    if (role) return entriesOf(held, role, account, isPossible);
    const { credentials } = user ?? {};
    // Without a credential report nobody knows whether a user has any.
    const hasSome =
      !credentials || credentials.hasPassword || credentials.keys.some(({ isActive }) => isActive);
    return hasSome ? [{ from: 'a password or key', kind: 'credentials', to: arn }] : [];
  });
}

/** Requests of somebody who is not of the account. */
const fromOutside = (account: string): readonly Statement[] =>
  ownPolicy([
    {
      Effect: 'Allow',
      Action: '*',
      Resource: '*',
      Condition: {
        StringNotEquals: { 'aws:PrincipalAccount': account },
        ArnNotLike: { 'aws:PrincipalArn': [`arn:*:iam::${account}:*`, `arn:*:sts::${account}:*`] },
      },
    },
  ]).statements;

type Asking = {
  readonly caller: Caller;
  readonly keys: RequestContext;
  readonly entry: Omit<Entry, 'to'>;
  readonly more?: readonly Statement[];
};

function entriesOf(held: Held, role: AccountRole, account: string, isPossible: IsPossible): Entry[] {
  // Whom it lets in is not known: then somebody may be.
  if (!role.trust.policy)
    return [{ from: 'whoever a trust lets in that cannot be read', kind: 'anybody', to: role.arn }];
  const trusts = ASSUMING.map((action) => makeTrusts(held, action, isPossible));
  const outside = new Map<string, Entry>();
  for (const { effect, principals } of role.trust.policy?.statements ?? []) {
    if (effect !== 'Allow' || !principals) continue;
    const items: readonly Principal[] = principals.negated ? [{ kind: 'everyone' }] : principals.items;
    for (const item of items) {
      const asking = askingOf(item, account);
      if (!asking || outside.has(asking.entry.from)) continue;
      const { caller, keys, entry, more } = asking;
      if (trusts.some((ask) => ask(caller, keys, more && [more]).size > 0))
        outside.set(entry.from, { ...entry, to: role.arn });
    }
  }
  return [...outside.values()];
}

function askingOf(principal: Principal, account: string): Asking | undefined {
  switch (principal.kind) {
    case 'everyone':
      return {
        caller: { kind: 'anybody' },
        keys: NO_KEYS,
        entry: { from: 'anybody', kind: 'anybody' },
        more: fromOutside(account),
      };
    case 'account': {
      const { accountId } = principal;
      if (accountId === account) return undefined;
      return {
        caller: { kind: 'account', account: accountId },
        keys: requestContext({ 'aws:PrincipalAccount': accountId }),
        entry: { from: `account ${accountId}`, kind: 'other account' },
      };
    }
    case 'arn': {
      const { arn } = principal;
      if (arn.split(':')[4] === account) return undefined;
      const keys = /:(?:user|role)\//.test(arn) ? knownKeys(arn) : NO_KEYS;
      return { caller: { kind: 'arn', arn }, keys, entry: { from: arn, kind: 'other account' } };
    }
    case 'service': {
      const { name } = principal;
      return { caller: { kind: 'service', name }, keys: NO_KEYS, entry: { from: name, kind: 'service' } };
    }
    case 'federated': {
      const { provider: name } = principal;
      return {
        caller: { kind: 'federated', name },
        keys: NO_KEYS,
        entry: { from: name, kind: 'identity provider' },
      };
    }
    default:
      return undefined;
  }
}
