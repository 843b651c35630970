import type { KnownActions } from '../prove/known-actions.ts';
import {
  type AccessLevel,
  type GlobalKeys,
  listedKey,
  type ServiceData,
  withWildcards,
} from './service-data.ts';

/** How grave the worst way to escalate is that a policy opens to whoever has it alone. From the worst on. */
export const WORTHS = ['critical', 'high', 'medium', 'low'] as const;
export type PolicyWorth = (typeof WORTHS)[number] | 'none';

/** What AWS says of its services; whoever needs it is given it. */
export type IamData = {
  /** Prefixes, in lower case. */
  readonly services: ReadonlySet<string>;
  readonly serviceOf: (name: string) => ServiceData | undefined;
  readonly globalKeys: GlobalKeys;
  /** The same for proofs. */
  readonly known: KnownActions;
  /** AWS's managed policies, by their names with the path: `job-function/ViewOnlyAccess`. */
  readonly managedPolicies: () => ReadonlyMap<string, PolicyWorth>;
};

/** One action, as checks look at it. */
export type ActionFacts = {
  /** As AWS writes it: `s3:GetObject`. */
  readonly name: string;
  readonly service: string;
  readonly level: AccessLevel;
  /** ARNs with `*` for what differs; none where the action takes `*` alone. */
  readonly resources: readonly { readonly arn: string; readonly isRequired: boolean }[];
  /** In lower case, those of tags up to their slash; of the action and of every kind of resource it takes. */
  readonly keys: ReadonlySet<string>;
  readonly isDeprecated: boolean;
};

/** The ways in which a key of a policy may stand in a list: as it is, or up to the tag's name. */
export function waysToList(key: string): string[] {
  const lower = key.toLowerCase();
  const [, upToSlash] = /^([^/]*\/)/.exec(lower) ?? [];
  const [, upToColon] = /^([^:]*:[^:]*:)/.exec(lower) ?? [];
  return [lower, ...(upToSlash ? [upToSlash] : []), ...(upToColon ? [upToColon] : [])];
}

/** Whether a list of keys has a policy's key. */
export const isListed = (keys: ReadonlySet<string>, key: string): boolean =>
  waysToList(key).some((way) => keys.has(way));

const factsOf = new WeakMap<ServiceData, ReadonlyMap<string, ActionFacts>>();

/** A service's actions by name in lower case, without the service. */
export function actionFactsOf(service: string, data: ServiceData): ReadonlyMap<string, ActionFacts> {
  const found = factsOf.get(data);
  if (found) return found;
  const keyAt = (place: number): string => listedKey(data.keys[place] ?? '');
  const made = new Map(
    Object.entries(data.actions).map(([name, [level, on = [], own = []]]): [string, ActionFacts] => {
      const resources = on.flatMap(([kind, isRequired]) => {
        const arn = data.resources[kind]?.[0];
        return arn === undefined ? [] : [{ arn: withWildcards(arn), isRequired: isRequired === 1 }];
      });
      const places = [
        ...own,
        ...on.flatMap(([kind, , keys = []]) => [...keys, ...(data.resources[kind]?.[1] ?? [])]),
      ];
      return [
        name.toLowerCase(),
        {
          name: `${service}:${name}`,
          service,
          level,
          resources,
          keys: new Set(places.map(keyAt)),
          isDeprecated: data.deprecated?.includes(name) ?? false,
        },
      ];
    }),
  );
  factsOf.set(data, made);
  return made;
}

/** What is known of an action; undefined where AWS has none of that name. */
export function actionFacts(data: IamData, action: string): ActionFacts | undefined {
  const [service = '', name = ''] = action.toLowerCase().split(':');
  const known = data.serviceOf(service);
  return known && actionFactsOf(service, known).get(name);
}
