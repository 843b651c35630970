import type { ServiceUse } from '../account/account.ts';
import { isStar, matchedActions, partsOfAction } from '../check/matched-actions.ts';
import type { IamData } from '../data/iam-data.ts';
import type { Policy } from '../parse/policy-model.ts';

/** Whether what is granted was used. `not knowable` with the reason: absence of a trace is no proof. */
export type ActionUse = {
  /** A service's prefix, or an action of it. */
  readonly what: string;
  readonly state: 'used' | 'unused' | 'not knowable';
  readonly why: string;
};

/** Actions that leave no trace of their own: what passes a role is not called, it is asked of. */
const NEVER_CALLED: ReadonlySet<string> = new Set([
  'iam:passrole',
  'sts:tagsession',
  'sts:setsourceidentity',
]);

/** The services that policies grant, by their prefixes; undefined where they grant all. */
function grantedServices(policies: readonly Policy[]): ReadonlySet<string> | undefined {
  const granted = new Set<string>();
  for (const { statements } of policies)
    for (const { effect, actions } of statements) {
      if (effect !== 'Allow') continue;
      if (actions.negated || actions.items.some(isStar)) return undefined;
      for (const item of actions.items) granted.add(partsOfAction(item)?.service ?? '');
    }
  return granted;
}

/**
 * Of every service that is granted, and of every action that AWS follows, whether it was used. AWS keeps for some
 * services what was done last by action, for all others only by service; it counts attempts that were denied too, and
 * is some hours late.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_last-accessed.html
 */
export function usesOf(
  policies: readonly Policy[],
  services: readonly ServiceUse[] | undefined,
  collectedAt: Date,
  data: IamData,
): ActionUse[] {
  const granted = grantedServices(policies);
  if (services === undefined)
    return [...(granted ?? ['every service'])].sort().map((what) => ({
      what,
      state: 'not knowable',
      why: 'when it was last used was not collected',
    }));
  const seen = new Map(services.map((entry) => [entry.service, entry]));
  return [...(granted ?? seen.keys())].sort().flatMap((service): ActionUse[] => {
    const use = seen.get(service);
    if (!use) return [{ what: service, state: 'not knowable', why: 'AWS does not follow this service' }];
    if (!use.lastUsed)
      return [
        { what: service, state: 'unused', why: `not once in what AWS keeps until ${day(collectedAt)}` },
      ];
    if (!use.actions)
      return [{ what: service, state: 'used', why: `last on ${day(use.lastUsed)}; not followed by action` }];
    return actionsOf(policies, service, use.actions, data);
  });
}

const day = (moment: Date): string => moment.toISOString().slice(0, 10);

function actionsOf(
  policies: readonly Policy[],
  service: string,
  followed: NonNullable<ServiceUse['actions']>,
  data: IamData,
): ActionUse[] {
  const byName = new Map(followed.map((entry) => [`${service}:${entry.name}`.toLowerCase(), entry]));
  const granted = new Set<string>();
  for (const { statements } of policies)
    for (const { effect, actions } of statements)
      if (effect === 'Allow' && !actions.negated)
        for (const item of actions.items)
          if (partsOfAction(item)?.service === service)
            for (const { name } of matchedActions(data, item)) granted.add(name);
  const names = granted.size > 0 ? [...granted] : followed.map(({ name }) => `${service}:${name}`);
  return names.sort().map((what): ActionUse => {
    const use = byName.get(what.toLowerCase());
    if (NEVER_CALLED.has(what.toLowerCase()))
      return { what, state: 'not knowable', why: 'it is no call of its own' };
    if (!use) return { what, state: 'not knowable', why: 'AWS does not follow this action' };
    return use.lastUsed
      ? { what, state: 'used', why: `last on ${day(use.lastUsed)}` }
      : { what, state: 'unused', why: 'not once in what AWS keeps' };
  });
}
