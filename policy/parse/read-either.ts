import type { JsonMember } from './json-node.ts';
import { childPlace, isEmptyList, type Place, refuse } from './reading.ts';

export type Either = { readonly negated: boolean; readonly member: JsonMember; readonly place: Place };

/**
 * An element or its negation, whichever of the two stands there. Both at once are refused, and so is a negation
 * of nothing: it would mean everything.
 */
export function readEither(
  statement: Place,
  members: ReadonlyMap<string, JsonMember>,
  name: 'Action' | 'Resource' | 'Principal',
): Either | undefined {
  const positive = members.get(name);
  const negative = members.get(`Not${name}`);
  const member = positive ?? negative;
  if (member === undefined) return undefined;
  const place = childPlace(statement, member.key);
  if (positive && negative) {
    refuse(childPlace(statement, negative.key), 'element-and-its-negation', negative.keyPosition);
  }
  if (member === negative && isEmptyList(member.value)) refuse(place, 'empty-list', member.value.position);
  return { negated: member === negative, member, place };
}
