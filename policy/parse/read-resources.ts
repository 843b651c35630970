import { type JsonMember, type JsonNode, placed } from './json-node.ts';
import type { Element, Pattern, PatternPart } from './policy-model.ts';
import { readEither } from './read-either.ts';
import { readPattern } from './read-pattern.ts';
import { type Place, readList, readText, refuse } from './reading.ts';

/** Partition, service, region, account and resource may each be empty or have wildcards. */
const ARN = /^arn:[^:]*:[^:]*:[^:]*:[^:]*:/s;

const SEGMENTS = 6;

/**
 * One that ends early, in a wildcard for all that would follow: AWS stores it, and has some in its own policies. "If
 * the * wildcard is the last character of a resource ARN segment, it can expand to match beyond the colon boundaries."
 */
const SHORT_ARN = /^arn:[^:]*:[^:*?]+:(?:[^:]*:)?[^:]*\*$/s;

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
  const pattern = readPattern(text, place.version, node.position);
  return pattern ? withAllSegments(pattern) : refuse(place, 'bad-variable', node.position);
}

/** An ARN that ends early in `*` has one for each segment that follows. */
function withAllSegments(pattern: Pattern): Pattern {
  const written = withoutVariables(pattern.text);
  if (!SHORT_ARN.test(written)) return pattern;
  const missing = SEGMENTS - written.split(':').length;
  const rest = Array.from({ length: missing }, (): PatternPart[] => [
    { kind: 'literal', text: ':' },
    { kind: 'many' },
  ]);
  return { ...pattern, parts: [...pattern.parts, ...rest.flat()] };
}

/** A colon within a variable's fallback is none of the ARN's. */
const withoutVariables = (text: string): string => text.replace(/\$\{[^}]*\}/g, 'v');

/** A service may take short forms in a policy of its own resources, as API Gateway does; IAM takes ARNs. */
function isResource(text: string, { type }: Place): boolean {
  if (text === '' || type === 'resource') return text !== '';
  const written = withoutVariables(text);
  return text === '*' || ARN.test(written) || SHORT_ARN.test(written);
}
