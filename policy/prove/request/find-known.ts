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

/** The kinds of resources are some thousand ARNs that come again and again. */
const shapes = new Map<string, Shape>();
const MOST_REMEMBERED = 5_000;

/** The shape of a kind's ARN, made once. */
function shapeOfArn(arn: string): Shape {
  const known = shapes.get(arn);
  if (known) return known;
  if (shapes.size >= MOST_REMEMBERED) shapes.clear();
  const pieces = arn.split('').map((letter) => (letter === '*' ? MANY : letter));
  const made = makeShape(splitAtColons(pieces, 6).map((part) => makeGlob(part)));
  shapes.set(arn, made);
  return made;
}

const pointOf = (name: string): Point =>
  name
    .toLowerCase()
    .split(':')
    .map((part) => part.split(''));

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
      for (const action of known.actionsOf(service)) {
        if (!look()) return undefined;
        if (!isIn(region, pointOf(action.name))) continue;
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
  for (const { arn, keys: own } of action.resources) {
    if (!keys.every((key) => carries([...action.keys, ...own], key))) continue;
    const shape = shapeOfArn(arn);
    for (const { within, without } of leaf.resources) {
      const bound = within.filter((part) => !isEverything(part));
      const point = space.resources.find({ within: [...bound, shape], without });
      if (point) return point;
    }
  }
  return undefined;
}
