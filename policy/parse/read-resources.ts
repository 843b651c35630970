import { type JsonMember, type JsonNode, placed } from './json-node.ts';
import type { Element, Pattern } from './policy-model.ts';
import { readEither } from './read-either.ts';
import { readPattern } from './read-pattern.ts';
import { type Place, readList, readText, refuse } from './reading.ts';

/** Partition, service, region and account may each be empty or have wildcards. */
const ARN = /^arn:[^:]*:[^:]*:[^:]*:[^:]*:./s;

/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html */
export function readResources(
  statement: Place,
  members: ReadonlyMap<string, JsonMember>,
): Element<Pattern> | undefined {
  const either = readEither(statement, members, 'Resource');
  if (either === undefined) return undefined;
  const { negated, member, place } = either;
  return { negated, items: readList(place, member.value, readResource), ...placed(member.keyPosition) };
}

function readResource(place: Place, node: JsonNode): Pattern | undefined {
  const text = readText(place, node);
  if (text === undefined) return undefined;
  if (!isResource(text, place)) return refuse(place, 'bad-resource', node.position);
  return readPattern(text, place.version, node.position) ?? refuse(place, 'bad-variable', node.position);
}

/** A service may take short forms in a policy of its own resources, as API Gateway does; IAM takes ARNs. */
function isResource(text: string, { type }: Place): boolean {
  if (text === '' || type === 'resource') return text !== '';
  // A colon within a variable's fallback is none of the ARN's.
  return text === '*' || ARN.test(text.replace(/\$\{[^}]*\}/g, 'v'));
}
