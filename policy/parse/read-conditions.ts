import { isConditionValue, takesVariables } from './condition-values.ts';
import { type JsonMember, type JsonNode, placed } from './json-node.ts';
import type { Condition, Operator, Pattern } from './policy-model.ts';
import { readOperator } from './read-operator.ts';
import { readPattern } from './read-pattern.ts';
import { childPlace, isEmptyList, type Place, readList, readMembers, refuse } from './reading.ts';

/**
 * A service's prefix and a name, or, of an identity provider's tokens, its host and path and a claim:
 * `token.actions.githubusercontent.com:sub`, `oidc.eks.eu-central-1.amazonaws.com/id/EXAMPLE:aud`.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-wif
 */
const KEY = /^[a-z0-9-]+(?:\.[a-z0-9-]+)*(?:\/[\w.~%/-]+)?:\S.*$/is;

/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition.html */
export function readConditions(place: Place, node: JsonNode): Condition[] {
  const operators = readMembers(place, node);
  if (operators === undefined) return [];
  return [...operators.values()].flatMap(({ key, keyPosition, value }) => {
    const child = childPlace(place, key);
    const operator = readOperator(key);
    if (operator) return readKeys(child, operator, value);
    refuse(child, 'unknown-operator', keyPosition);
    return [];
  });
}

function readKeys(place: Place, operator: Operator, node: JsonNode): Condition[] {
  const members = readMembers(place, node);
  const seen = new Set<string>();
  return [...(members?.values() ?? [])].flatMap((member) => {
    const child = childPlace(place, member.key);
    const key = member.key.toLowerCase();
    if (!KEY.test(key)) refuse(child, 'bad-condition-key', member.keyPosition);
    if (seen.has(key)) refuse(child, 'duplicate-condition-key', member.keyPosition);
    seen.add(key);
    return readCondition(child, operator, key, member);
  });
}

function readCondition(place: Place, operator: Operator, key: string, member: JsonMember): Condition {
  // AWS says that no values "do not affect the policy", which could be read as true or as false.
  if (isEmptyList(member.value)) refuse(place, 'empty-list', member.value.position);
  const values = readList(place, member.value, (child, node) => readValue(child, operator, node));
  return { operator, key, values, ...placed(member.keyPosition) };
}

/** Numbers and truth values may stand without quotes. */
function readValue(place: Place, operator: Operator, node: JsonNode): Pattern | undefined {
  const text = textIn(node);
  if (text === undefined) return refuse(place, 'wrong-type', node.position);
  if (!isConditionValue(operator.name, text)) return refuse(place, 'bad-condition-value', node.position);
  const version = takesVariables(operator.name) ? place.version : '2008-10-17';
  return readPattern(text, version, node.position) ?? refuse(place, 'bad-variable', node.position);
}

function textIn(node: JsonNode): string | undefined {
  if (node.kind === 'string' || node.kind === 'number') return node.text;
  return node.kind === 'boolean' ? String(node.value) : undefined;
}
