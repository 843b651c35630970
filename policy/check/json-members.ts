import type { JsonMember, JsonNode } from '../parse/json-node.ts';

/** A member of an object; undefined where there is none. */
export const memberOf = (node: JsonNode | undefined, key: string): JsonMember | undefined =>
  node?.kind === 'object' ? node.members.find((member) => member.key === key) : undefined;

/** The statements as they are written, whether they stand in a list or alone. */
export function statementNodes(root: JsonNode): readonly JsonNode[] {
  const written = memberOf(root, 'Statement')?.value;
  if (written === undefined) return [];
  return written.kind === 'array' ? written.items : [written];
}

/** The value that a node stands for. */
export function jsonValueOf(node: JsonNode): unknown {
  switch (node.kind) {
    case 'object':
      return Object.fromEntries(node.members.map(({ key, value }) => [key, jsonValueOf(value)]));
    case 'array':
      return node.items.map(jsonValueOf);
    case 'number':
      return Number(node.text);
    case 'string':
      return node.text;
    case 'boolean':
      return node.value;
    case 'null':
      return null;
  }
}
