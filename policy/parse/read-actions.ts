import { type JsonMember, type JsonNode, placed } from './json-node.ts';
import type { Element, Pattern } from './policy-model.ts';
import { readEither } from './read-either.ts';
import { readPattern } from './read-pattern.ts';
import { childPlace, type Place, readList, readText, refuse } from './reading.ts';

/**
 * A service's prefix is written out; the action's name may have wildcards. AWS also stores names that no action can
 * have: some of its own policies hold one with a hyphen, or with a space before or after it. They match nothing.
 */
const ACTION = /^(?:\*|[a-z0-9-]+:[a-z0-9*? _-]+)$/i;

/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html */
export function readActions(
  statement: Place,
  node: JsonNode,
  members: ReadonlyMap<string, JsonMember>,
): Element<Pattern> | undefined {
  const either = readEither(statement, members, 'Action');
  if (either === undefined) {
    return refuse(childPlace(statement, 'Action'), 'missing-element', node.position);
  }
  const { negated, member, place } = either;
  return { negated, items: readList(place, member.value, readAction), ...placed(member.keyPosition) };
}

function readAction(place: Place, node: JsonNode): Pattern | undefined {
  const text = readText(place, node);
  if (text === undefined) return undefined;
  if (!ACTION.test(text)) return refuse(place, 'bad-action', node.position);
  return readPattern(text, place.version, node.position);
}
