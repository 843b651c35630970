import { actionFacts, type IamData } from '../data/iam-data.ts';
import type { AccessLevel, ServiceData } from '../data/service-data.ts';
import type { WantedAccess } from './intent.ts';
import { type Kind, placeholdersOf, type ReadName, readName, tailOf } from './read-name.ts';

/** One action, and the kinds of resources that it is to be allowed on; none where it takes no resource. */
export type Target = {
  /** As AWS writes it. */
  readonly action: string;
  readonly level: AccessLevel;
  readonly kinds: readonly Kind[];
};

/** A kind of resource of a service; undefined where the service has none of that name. */
export function kindOf(data: IamData, service: string, type: string): Kind | undefined {
  const resources = data.serviceOf(service)?.resources;
  const template = resources && Object.hasOwn(resources, type) ? resources[type]?.[0] : undefined;
  return template === undefined ? undefined : { type, template };
}

/** An access's name taken apart; nothing where it has none, or cannot be read. */
export function nameOf({ service, type, name }: WantedAccess, data: IamData): ReadName | undefined {
  const kind = type === undefined ? undefined : kindOf(data, service, type);
  return kind && name !== undefined ? readName(name, kind) : undefined;
}

type Takes = Kind & { readonly isRequired: boolean };

function kindsOfAction(service: ServiceData, name: string): Takes[] {
  const [, on = []] = service.actions[name] ?? ['R'];
  return on.flatMap(([type, isRequired]) => {
    const template = service.resources[type]?.[0];
    return template === undefined ? [] : [{ type, template, isRequired: isRequired === 1 }];
  });
}

/** How many of a kind's placeholders another kind has too: a bucket and its objects share the bucket's name. */
const shared = (kind: Kind, wanted: Kind): number =>
  placeholdersOf(kind.template).filter((name) => placeholdersOf(wanted.template).includes(name)).length;

const missing = (kind: Kind, wanted: Kind): number =>
  placeholdersOf(kind.template).length - shared(kind, wanted);

/** A kind that lies in another, as an index in its table: what is allowed on it needs nothing on the other. */
const isWithin = (inner: Kind, outer: Kind): boolean =>
  inner.template !== outer.template && tailOf(inner.template).startsWith(tailOf(outer.template));

/**
 * What an action is to be allowed on, where resources of one kind were named: that kind; else the nearest that has a
 * part of its name, as the bucket of the objects; and every other kind that each call has to name as well. Undefined
 * where the action takes resources, and none that has to do with the kind.
 */
export function targetOf(access: WantedAccess, action: string, data: IamData): Target | undefined {
  const facts = actionFacts(data, action);
  const service = data.serviceOf(access.service);
  if (!facts || !service || facts.service !== access.service) return undefined;
  const [, name = ''] = facts.name.split(':');
  const takes = kindsOfAction(service, name);
  const target = { action: facts.name, level: facts.level };
  if (takes.length === 0) return { ...target, kinds: [] };
  const wanted = access.type === undefined ? undefined : kindOf(data, access.service, access.type);
  if (!wanted) return undefined;
  const main =
    takes.find(({ type }) => type === wanted.type) ??
    takes
      .filter((kind) => shared(kind, wanted) > 0)
      .sort((first, other) => missing(first, wanted) - missing(other, wanted))[0];
  if (!main) return undefined;
  const besides = takes.filter(
    (kind) =>
      kind.isRequired && kind.type !== main.type && !isWithin(main, kind) && kind.template !== main.template,
  );
  return { ...target, kinds: [main, ...besides] };
}

/** The targets of an access; what cannot be one is left out. */
export const targetsOf = (access: WantedAccess, data: IamData): Target[] =>
  access.actions.flatMap((action) => targetOf(access, action, data) ?? []);
