import { nearestName } from '../check/names/nearest-name.ts';
import { actionFacts, actionFactsOf, type IamData } from '../data/iam-data.ts';
import { type Intent, MOST_ACCESSES, MOST_ACTIONS, type WantedAccess } from './intent.ts';
import { kindOf, targetOf } from './targets.ts';

/** Of a service with so many actions, whoever lists nearly all of them means the service and not a job. */
const MANY_ACTIONS = 12;
const NEARLY_ALL = 0.7;

const orNear = (written: string, names: readonly string[], prefix = ''): string => {
  const near = nearestName(written, names);
  return near === undefined ? '' : `; did you mean ${prefix}${near}?`;
};

/**
 * What keeps an intent from being built, in words for whoever made it: services, kinds and actions that AWS does not have,
 * that do not go together, or that are more than one job needs.
 */
export function problemsOfIntent({ accesses }: Intent, data: IamData): string[] {
  if (accesses.length === 0) return ['it names no access'];
  if (accesses.length > MOST_ACCESSES)
    return [`it has ${accesses.length} accesses: no more than ${MOST_ACCESSES} are one job`];
  return accesses.flatMap((access, nth) =>
    problemsOfAccess(access, data).map((problem) => `access ${nth + 1}: ${problem}`),
  );
}

function problemsOfAccess(access: WantedAccess, data: IamData): string[] {
  const { service, type, actions } = access;
  const known = data.serviceOf(service);
  if (!known) return [`${service} is no service of AWS${orNear(service, [...data.services])}`];
  if (actions.length === 0) return ['it names no action'];
  const all = actionFactsOf(service, known).size;
  if (actions.length > MOST_ACTIONS || (all >= MANY_ACTIONS && actions.length > all * NEARLY_ALL))
    return [
      `${actions.length} actions of ${service} are more than a job needs: name those that it cannot do without`,
    ];
  if (type !== undefined && !kindOf(data, service, type)) {
    const kinds = Object.keys(known.resources);
    return [`${service} has no kind of resource ${type}; it has ${kinds.slice(0, 30).join(', ') || 'none'}`];
  }
  return actions.flatMap((action) => problemOfAction(access, action, data) ?? []);
}

function problemOfAction(access: WantedAccess, action: string, data: IamData): string | undefined {
  const { service, type } = access;
  if (!/^[a-z0-9-]+:[A-Za-z0-9-]+$/.test(action)) return `${action} is not one action, by its whole name`;
  const facts = actionFacts(data, action);
  const [, name = ''] = action.split(':');
  if (!facts) {
    const names = Object.keys(data.serviceOf(service)?.actions ?? {});
    return `${action} is no action of AWS${orNear(name, names, `${service}:`)}`;
  }
  if (facts.service !== service) return `${action} is no action of ${service}: give it an access of its own`;
  if (targetOf(access, action, data)) return undefined;
  const kinds = takenKinds(facts.name, data).join(', ');
  return type === undefined
    ? `${facts.name} is about a resource: name its kind, one of ${kinds}`
    : `${facts.name} is not about a ${type}, but about ${kinds}: give it an access of its own`;
}

function takenKinds(action: string, data: IamData): string[] {
  const [service = '', name = ''] = action.split(':');
  const [, on = []] = data.serviceOf(service)?.actions[name] ?? ['R'];
  return on.map(([type]) => type);
}
