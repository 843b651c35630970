import { hasWildcard, isStar, matchedActions, partsOfAction } from '../check/matched-actions.ts';
import type { IamData } from '../data/iam-data.ts';
import type { AccessLevel } from '../data/service-data.ts';
import type { Policy, Statement } from '../parse/policy-model.ts';
import { layersOfAction, satisfiable } from '../questions/satisfiable.ts';
import type { Held } from './principal-layers.ts';

/** Of one service how many actions of each level are possible on something. */
export type ServiceAccess = {
  readonly service: string;
  readonly levels: Readonly<Partial<Record<AccessLevel, number>>>;
};

/**
 * What somebody may really do: by service, each action that is possible after every Deny, condition, boundary and
 * service control policy. `whole` where all services are granted in every layer: then what is denied is the exception.
 */
export type EffectiveAccess = {
  readonly isWhole: boolean;
  readonly services: readonly ServiceAccess[];
};

/** Actions of one principal that are asked about one by one. */
const MOST_ACTIONS = 3_000;

export function effectiveAccess({ layers }: Pick<Held, 'layers'>, data: IamData): EffectiveAccess {
  // The layer that names the fewest is the one to begin with: all have to allow.
  const named = layers.map((policies) => namedIn(policies, data)).filter((names) => names !== undefined);
  if (named.length === 0) return { isWhole: true, services: [] };
  const fewest = named.reduce((least, names) => (names.size < least.size ? names : least));
  const services = new Map<string, Partial<Record<AccessLevel, number>>>();
  for (const [name, level] of fewest) {
    if (!isPossible(layers, name)) continue;
    const [service = ''] = name.split(':');
    const levels = services.get(service) ?? {};
    levels[level] = (levels[level] ?? 0) + 1;
    services.set(service, levels);
  }
  return {
    isWhole: false,
    services: [...services].map(([service, levels]) => ({ service, levels })).sort(byService),
  };
}

const byService = (first: ServiceAccess, other: ServiceAccess): number =>
  first.service < other.service ? -1 : 1;

/** Where nothing is denied and nothing conditional, and no limit names resources, what is written is what is possible. */
function isPossible(layers: Held['layers'], action: string): boolean {
  const about = layersOfAction(layers, action);
  if (!about) return false;
  const [, ...limits] = about.map((policies) => policies.flatMap(({ statements }) => statements));
  const isPlain =
    about
      .flat()
      .every(({ statements }) =>
        statements.every(({ effect, conditions }) => effect === 'Allow' && conditions.length === 0),
      ) && limits.every((limit) => limit.some(isOfEverything));
  return isPlain || satisfiable(about).verdict !== 'within';
}

const isOfEverything = ({ resources }: Statement): boolean =>
  resources === undefined || (!resources.negated && resources.items.some(isStar));

/** The actions that a layer allows, with their levels; undefined where that is all of some, or too many to ask about. */
function namedIn(policies: readonly Policy[], data: IamData): ReadonlyMap<string, AccessLevel> | undefined {
  const names = new Map<string, AccessLevel>();
  for (const { statements } of policies)
    for (const { effect, actions } of statements) {
      if (effect !== 'Allow') continue;
      if (actions.negated || actions.items.some(isStar)) return undefined;
      for (const item of actions.items) {
        const service = partsOfAction(item)?.service ?? '';
        // Wildcards in the name of a service mean whole services: they are not asked about one by one.
        if (/[*?]/.test(service)) return undefined;
        const matched = matchedActions(data, item);
        for (const { name, level } of matched) names.set(name, level);
        if (matched.length === 0 && !hasWildcard(item)) names.set(item.text, 'W');
      }
      if (names.size > MOST_ACTIONS) return undefined;
    }
  return names;
}
