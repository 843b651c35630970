import type { JsonMember, JsonNode } from './json-node.ts';
import type { Refusal, RefusalCode } from './parse-result.ts';
import type { Policy, PolicyType, Position } from './policy-model.ts';

/** One element that is being read: where it stands, and where what is wrong with it goes. */
export type Place = {
  readonly type: PolicyType;
  readonly version: Policy['version'];
  readonly path: string;
  readonly refusals: Refusal[];
};

export const childPlace = (place: Place, key: string | number): Place => {
  const step = typeof key === 'number' ? `[${key}]` : place.path === '' ? key : `.${key}`;
  return { ...place, path: `${place.path}${step}` };
};

/** Notes what is wrong, and is `undefined`, so that a reader can return it. */
export function refuse(place: Place, code: RefusalCode, position: Position | undefined): undefined {
  place.refusals.push({ code, path: place.path, ...(position && { position }) });
  return undefined;
}

/** The members of an object by key; a key that stands there twice, or is not `allowed`, is refused. */
export function readMembers(
  place: Place,
  node: JsonNode,
  allowed?: ReadonlySet<string>,
): ReadonlyMap<string, JsonMember> | undefined {
  if (node.kind !== 'object') return refuse(place, 'wrong-type', node.position);
  const members = new Map<string, JsonMember>();
  for (const member of node.members) {
    const child = childPlace(place, member.key);
    if (members.has(member.key)) refuse(child, 'duplicate-key', member.keyPosition);
    else if (allowed && !allowed.has(member.key)) refuse(child, 'unknown-element', member.keyPosition);
    else members.set(member.key, member);
  }
  return members;
}

export function readText(place: Place, node: JsonNode): string | undefined {
  return node.kind === 'string' ? node.text : refuse(place, 'wrong-type', node.position);
}

/** AWS lets a list of one stand without its brackets. */
export function readList<Item>(
  place: Place,
  node: JsonNode,
  readItem: (place: Place, node: JsonNode) => Item | undefined,
): Item[] {
  if (node.kind !== 'array') {
    const item = readItem(place, node);
    return item === undefined ? [] : [item];
  }
  return node.items.flatMap((child, index) => {
    const item = readItem(childPlace(place, index), child);
    return item === undefined ? [] : [item];
  });
}

/** Whether there is nothing in it: an empty list, where `[]` would mean the opposite of what it looks like. */
export const isEmptyList = (node: JsonNode): boolean => node.kind === 'array' && node.items.length === 0;
