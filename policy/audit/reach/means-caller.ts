import { oncePerObject } from '../../parse/once-per-object.ts';
import type { Element, Principal, Statement } from '../../parse/policy-model.ts';

/** Who calls: a user or role by its ARN; somebody of an account, or anybody, without saying who; a service; a provider's. */
export type Caller =
  | { readonly kind: 'arn'; readonly arn: string }
  | { readonly kind: 'account'; readonly account: string }
  | { readonly kind: 'anybody' }
  | { readonly kind: 'service' | 'federated'; readonly name: string };

type Named = {
  readonly isEveryone: boolean;
  readonly arns: ReadonlySet<string>;
  readonly accounts: ReadonlySet<string>;
  /** Accounts of which somebody is named. */
  readonly touched: ReadonlySet<string>;
  /** Roles of which a session is named, as account and name. */
  readonly sessions: ReadonlySet<string>;
  readonly services: ReadonlySet<string>;
  readonly providers: ReadonlySet<string>;
};

const SESSION = /^arn:[^:]*:sts::(\d*):assumed-role\/([^/]+)\//;
const ROLE = /^arn:[^:]*:iam::(\d*):role\/(?:.*\/)?([^/]+)$/;
const ofTwo = (found: RegExpExecArray | null): string[] => (found ? [`${found[1]}/${found[2]}`] : []);
const accountOf = (arn: string): string => arn.split(':')[4] ?? '';

/** An element of a thousand principals is looked up, and not gone through. */
const namedIn = oncePerObject(({ items }: Element<Principal>): Named => {
  const arns = items.flatMap((item) => (item.kind === 'arn' ? [item.arn] : []));
  const accounts = items.flatMap((item) => (item.kind === 'account' ? [item.accountId] : []));
  return {
    isEveryone: items.some(({ kind }) => kind === 'everyone'),
    arns: new Set(arns),
    accounts: new Set(accounts),
    touched: new Set([...accounts, ...arns.map(accountOf)]),
    sessions: new Set(arns.flatMap((arn) => ofTwo(SESSION.exec(arn)))),
    services: new Set(items.flatMap((item) => (item.kind === 'service' ? [item.name] : []))),
    providers: new Set(items.flatMap((item) => (item.kind === 'federated' ? [item.provider] : []))),
  };
});

/** How an element names a caller: itself, or by its account, which leaves it to the account. */
export type Naming = 'itself' | 'account';

function namingOf(named: Named, caller: Caller): Naming | undefined {
  if (named.isEveryone) return 'itself';
  switch (caller.kind) {
    case 'arn': {
      if (named.arns.has(caller.arn)) return 'itself';
      if (named.sessions.size > 0 && ofTwo(ROLE.exec(caller.arn)).some((name) => named.sessions.has(name)))
        return 'itself';
      return named.accounts.size > 0 && named.accounts.has(accountOf(caller.arn)) ? 'account' : undefined;
    }
    case 'account':
      return named.accounts.has(caller.account) ? 'account' : undefined;
    case 'service':
      return named.services.has(caller.name) ? 'itself' : undefined;
    case 'federated':
      return named.providers.has(caller.name) || named.providers.has('*') ? 'itself' : undefined;
    case 'anybody':
      return undefined;
  }
}

/**
 * How a statement names a caller; undefined where it does not. What is not certain counts as possible: a Deny with
 * NotPrincipal spares whoever is of an account of which somebody is named.
 */
export function meansCaller({ effect, principals }: Statement, caller: Caller): Naming | undefined {
  if (!principals) return 'itself';
  const named = namedIn(principals);
  if (!principals.negated) return namingOf(named, caller);
  if (effect === 'Allow') return 'itself';
  const isSpared =
    namingOf(named, caller) !== undefined ||
    (caller.kind === 'anybody' && named.touched.size > 0) ||
    (caller.kind === 'account' && named.touched.has(caller.account));
  return isSpared ? undefined : 'itself';
}
