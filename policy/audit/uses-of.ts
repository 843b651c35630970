import type { SeenCall, SeenCalls, ServiceUse } from '../account/account.ts';
import { isStar, matchedActions, partsOfAction } from '../check/matched-actions.ts';
import { actionFactsOf, type IamData } from '../data/iam-data.ts';
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

/** What tells of use. */
export type Traces = {
  /** When AWS last saw each service, and action where it follows them. Absent where it was not collected. */
  readonly services?: readonly ServiceUse[] | undefined;
  /** Calls of this principal that a trail shows. */
  readonly calls?: readonly SeenCall[];
  readonly seen?: Pick<SeenCalls, 'from' | 'dataOf'> | undefined;
  /** When the principal was made. */
  readonly created?: Date | undefined;
  readonly collectedAt: Date;
};

/** Days that something has to be there before it counts as unused. */
export const LEAST_DAYS = 90;
const DAY_MS = 86_400_000;

/**
 * Of every service that is granted, and of every action that AWS follows or a trail shows, whether it was used. AWS
 * notes for some services what was done last by action, for all others only by service; it counts attempts that were
 * denied too, and is some hours late. That a trail shows no call proves nothing: many calls are not logged.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_last-accessed.html
 */
export function usesOf(policies: readonly Policy[], traces: Traces, data: IamData): ActionUse[] {
  const { services, collectedAt, created } = traces;
  const granted = grantedServices(policies);
  const called = lastCalls(traces.calls ?? []);
  const calledServices = [...called.keys()].map((what) => what.split(':')[0] ?? '');
  const age = created && Math.floor((collectedAt.getTime() - created.getTime()) / DAY_MS);
  const followed = new Map(services?.map((entry) => [entry.service, entry]));
  const all =
    granted ?? (services || called.size > 0 ? [...followed.keys(), ...calledServices] : ['every service']);
  return [...new Set(all)].sort().flatMap((service): ActionUse[] => {
    const use = followed.get(service);
    if (calledServices.includes(service) || use?.actions)
      return actionsIn(service, namesOf(policies, service, use, called, data));
    return [{ what: service, ...stateOfService(use) }];
  });

  function actionsIn(service: string, names: readonly string[]): ActionUse[] {
    const whole = called.get(service);
    return [
      ...(whole
        ? [
            {
              what: service,
              state: 'used' as const,
              why: `last on ${day(whole)}, by calls that name no action`,
            },
          ]
        : []),
      ...names.map((what) => ({ what, ...stateOfAction(service, what) })),
    ];
  }

  function stateOfService(use: ServiceUse | undefined): Omit<ActionUse, 'what'> {
    if (services === undefined) return unknowable('when it was last used was not collected');
    if (!use) return unknowable('AWS does not follow this service');
    if (use.lastUsed) return { state: 'used', why: `last on ${day(use.lastUsed)}; not followed by action` };
    return unusedUnlessYoung(`not once in what AWS keeps until ${day(collectedAt)}`);
  }

  function stateOfAction(service: string, what: string): Omit<ActionUse, 'what'> {
    const moment = called.get(what.toLowerCase());
    if (moment) return { state: 'used', why: `last on ${day(moment)}, as a trail shows` };
    if (NEVER_CALLED.has(what.toLowerCase())) return unknowable('it is no call of its own');
    const use = followed.get(service);
    if (!use?.actions) {
      const state = stateOfService(use);
      return state.state === 'used' ? unknowable(notByAction(service)) : state;
    }
    const action = use.actions.find(({ name }) => `${service}:${name}`.toLowerCase() === what.toLowerCase());
    if (action?.lastUsed) return { state: 'used', why: `last on ${day(action.lastUsed)}` };
    if (action) return unusedUnlessYoung('not once in what AWS keeps');
    if (!use.lastUsed) return unusedUnlessYoung(`not once in what AWS keeps until ${day(collectedAt)}`);
    return unknowable(notLogged(service, 'AWS does not follow this action'));
  }

  function unusedUnlessYoung(why: string): Omit<ActionUse, 'what'> {
    if (age === undefined) return unknowable('when it was made is not known');
    return age < LEAST_DAYS
      ? unknowable(`it was made ${age} days ago, and ${LEAST_DAYS} are the least to say`)
      : { state: 'unused', why };
  }

  function notByAction(service: string): string {
    return notLogged(service, 'AWS follows the service only as a whole');
  }

  /** A trail that does not log what is done with data cannot show it. */
  function notLogged(service: string, why: string): string {
    const { from, dataOf } = traces.seen ?? {};
    if (!from || !dataOf) return why;
    return dataOf.has(service)
      ? `${why}; a trail shows none since ${day(from)}, and need not log each`
      : `${why}; a trail shows none since ${day(from)}, and logs no calls on its data`;
  }
}

const unknowable = (why: string): Omit<ActionUse, 'what'> => ({ state: 'not knowable', why });

const day = (moment: Date): string => moment.toISOString().slice(0, 10);

/** When each action was last called and allowed, by its name in lower case. */
function lastCalls(calls: readonly SeenCall[]): ReadonlyMap<string, Date> {
  const last = new Map<string, Date>();
  for (const { what, isAllowed, last: moment } of calls) {
    const found = last.get(what.toLowerCase());
    if (isAllowed && (!found || moment > found)) last.set(what.toLowerCase(), moment);
  }
  return last;
}

/** The actions of a service that are granted by name or pattern; where all are, those that are followed or were called. */
function namesOf(
  policies: readonly Policy[],
  service: string,
  use: ServiceUse | undefined,
  called: ReadonlyMap<string, Date>,
  data: IamData,
): string[] {
  const granted = new Set<string>();
  for (const { statements } of policies)
    for (const { effect, actions } of statements)
      if (effect === 'Allow' && !actions.negated)
        for (const item of actions.items)
          if (partsOfAction(item)?.service === service)
            for (const { name } of matchedActions(data, item)) granted.add(name);
  if (granted.size > 0) return [...granted].sort();
  const known = data.serviceOf(service);
  const named = [...called.keys()]
    .filter((what) => what.startsWith(`${service}:`))
    .map(
      (what) => (known && actionFactsOf(service, known).get(what.slice(service.length + 1))?.name) ?? what,
    );
  return [...new Set([...(use?.actions ?? []).map(({ name }) => `${service}:${name}`), ...named])].sort();
}
