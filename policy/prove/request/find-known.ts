import { oncePerObject } from '../../parse/once-per-object.ts';
import type { KnownAction, KnownActions } from '../known-actions.ts';
import type { Leaf, Space } from '../search/search-leaves.ts';
import { NO_RESOURCE, type Region } from '../words/find-point.ts';
import { makeGlob } from '../words/glob.ts';
import { MANY, splitAtColons } from '../words/letters.ts';
import { isEverything, makeShape, type Point, type Shape, shapeMatches } from '../words/shape.ts';

/** An action that there is, as AWS writes it, and a resource it takes. */
export type KnownRequest = { readonly action: string; readonly resource: Point };

/** Global keys that stand in requests of some actions alone. */
const OF_SOME_ACTIONS = /^aws:(?:requesttag|resourcetag)\/|^aws:tagkeys$/;

const carries = (keys: readonly string[], key: string): boolean =>
  (key.startsWith('aws:') && !OF_SOME_ACTIONS.test(key)) ||
  keys.some((known) => (known.endsWith('/') ? key.startsWith(known) : key === known));

const isIn = ({ within, without }: Region, point: Point): boolean =>
  within.every((shape) => shapeMatches(shape, point)) && !without.some((shape) => shapeMatches(shape, point));

/** The services that a region's actions may be of. */
function servicesOf({ within }: Region, { services }: KnownActions): readonly string[] {
  const named = within.flatMap((shape) => shape.parts?.[0]?.literal?.join('') ?? []);
  const [only] = named;
  return only === undefined ? services : services.filter((service) => service === only);
}

/** AWS's actions and their kinds of resources are looked at again and again. */
const shapeOfKind = oncePerObject(({ arn }: KnownAction['resources'][number]): Shape => {
  const pieces = arn.split('').map((letter) => (letter === '*' ? MANY : letter));
  return makeShape(splitAtColons(pieces, 6).map((part) => makeGlob(part)));
});
const pointOf = oncePerObject(
  ({ name }: KnownAction): Point =>
    name
      .toLowerCase()
      .split(':')
      .map((part) => part.split('')),
);

/** Where a region is of one action, nothing else is looked at. */
function actionsIn({ within }: Region, service: string, known: KnownActions): readonly KnownAction[] {
  const only = within.find((shape) => shape.only)?.only?.[1]?.join('');
  const all = known.actionsOf(service);
  return only === undefined ? all : all.filter(({ name }) => nameOf(name) === only);
}
const nameOf = (action: string): string => action.slice(action.indexOf(':') + 1).toLowerCase();

/**
 * A request of the leaf that AWS could be sent: an action that there is, on a resource of a kind that it takes, with
 * keys that such a call carries. `look` is asked before each action is looked at, and may say that it is enough.
 * Throws OutOfSteps.
 */
export function findKnown(
  leaf: Leaf,
  keys: readonly string[],
  known: KnownActions,
  space: Space,
  look: () => boolean,
): KnownRequest | undefined {
  for (const region of leaf.actions) {
    for (const service of servicesOf(region, known)) {
      for (const action of actionsIn(region, service, known)) {
        if (!look()) return undefined;
        if (!isIn(region, pointOf(action))) continue;
        const resource = resourceFor(action, leaf, keys, space);
        if (resource) return { action: action.name, resource };
      }
    }
  }
  return undefined;
}

function resourceFor(
  action: KnownAction,
  leaf: Leaf,
  keys: readonly string[],
  space: Space,
): Point | undefined {
  if (action.resources.length === 0) {
    const takesAny = leaf.resources.some((region) => isIn(region, NO_RESOURCE));
    return takesAny && keys.every((key) => carries(action.keys, key)) ? NO_RESOURCE : undefined;
  }
  for (const kind of action.resources) {
    if (!keys.every((key) => carries([...action.keys, ...kind.keys], key))) continue;
    const shape = shapeOfKind(kind);
    for (const { within, without } of leaf.resources) {
      const bound = within.filter((part) => !isEverything(part));
      const point = space.resources.find({ within: [...bound, shape], without });
      if (point) return point;
    }
  }
  return undefined;
}
