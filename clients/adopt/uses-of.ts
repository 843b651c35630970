import type { Account, AccountRole, AccountUser } from '../../policy/account/account.ts';

/** What somebody has keys for in an account. */
export type Adopted = AccountRole | AccountUser;

/** A direct use of a role's or user's own keys, past the broker. */
export type DirectUse = { readonly what: string; readonly last: Date };

/**
 * Whether keys are still used for more than asking the broker. `quiet` is said where AWS's own last access information
 * is there, and neither it nor any trail has a use within the days; what cannot be known is `unknown`, never quiet.
 */
export type Quietness =
  | { readonly state: 'in-use'; readonly last: DirectUse; readonly uses: readonly DirectUse[] }
  | { readonly state: 'quiet'; readonly last?: DirectUse }
  | { readonly state: 'unknown'; readonly why: string };

const DAY = 86_400_000;

/**
 * What a caller of the broker does with its own keys: its call, which IAM counts for `execute-api`, and what SDKs and
 * `postern whoami` ask.
 */
const OF_ASKING = new Set(['execute-api', 'sts:GetCallerIdentity']);

/** Each thing that was done, by when last, newest first. */
export function usesOf(account: Account, { arn, services = [] }: Adopted): DirectUse[] {
  const seen = (account.seen?.calls ?? [])
    .filter(({ principal }) => principal === arn)
    .map(({ what, last }) => ({ what, last }));
  const known = services.flatMap(({ service, lastUsed, actions = [] }) => [
    // Whether STS was asked for more than who one is, trails say.
    ...(lastUsed && !(service === 'sts' && account.seen) ? [{ what: service, last: lastUsed }] : []),
    ...actions.flatMap((action) =>
      action.lastUsed ? [{ what: `${service}:${action.name}`, last: action.lastUsed }] : [],
    ),
  ]);
  const latest = new Map<string, DirectUse>();
  for (const use of [...seen, ...known]) {
    const before = latest.get(use.what);
    if (!before || before.last < use.last) latest.set(use.what, use);
  }
  return [...latest.values()]
    .filter(({ what }) => !OF_ASKING.has(what) && !what.startsWith('execute-api:'))
    .sort((left, right) => right.last.getTime() - left.last.getTime());
}

/** Whether an account's keys went quiet for so many days before it was collected. */
export function quietnessOf(account: Account, principal: Adopted, days: number): Quietness {
  const uses = usesOf(account, principal);
  const [last] = uses;
  const since = account.collectedAt.getTime() - days * DAY;
  const within = uses.filter(({ last: used }) => used.getTime() >= since);
  if (last && within.length > 0) return { state: 'in-use', last, uses: within };
  if (principal.services === undefined)
    return {
      state: 'unknown',
      why: 'AWS’s own last access information was not collected for it, and trails alone do not show every call on data',
    };
  const { created } = principal;
  if (created && created.getTime() > since)
    return { state: 'unknown', why: `it was made within the last ${days} days` };
  return { state: 'quiet', ...(last && { last }) };
}
