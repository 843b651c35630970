import type { JsonNode } from './json-node.ts';

/** Thrown for what no JSON text could have become. */
export class NotJsonValue extends Error {
  override name = 'NotJsonValue';
}

const MAX_DEPTH = 32;

/** A value that was parsed already, as the nodes it would have been; they have no positions. */
export function nodeOfValue(value: unknown, depth = 0): JsonNode {
  if (depth > MAX_DEPTH) throw new NotJsonValue('nested too deep');
  if (value === null) return { kind: 'null' };
  if (typeof value === 'string') return { kind: 'string', text: value };
  if (typeof value === 'boolean') return { kind: 'boolean', value };
  if (typeof value === 'number' && Number.isFinite(value)) return { kind: 'number', text: String(value) };
  if (Array.isArray(value)) {
    return { kind: 'array', items: value.map((item) => nodeOfValue(item, depth + 1)) };
  }
  if (typeof value !== 'object') throw new NotJsonValue(typeof value);
  const members = Object.entries(value)
    // As JSON.stringify has it: a member that is undefined is not there.
    .filter(([, member]) => member !== undefined)
    .map(([key, member]) => ({ key, value: nodeOfValue(member, depth + 1) }));
  return { kind: 'object', members };
}
