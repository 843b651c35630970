import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';

/** RFC 8785 canonical JSON: equal values give byte-equal text. Throws on what JSON cannot hold. */
export function canonicalJson(value: unknown): string {
  const text = canonicalize(value);
  if (text === undefined) throw new TypeError('value has no JSON form');
  return text;
}

/** A value as JSON holds it, and as tables do: without what is undefined. */
export const asJson = <Value>(value: Value): Value => JSON.parse(JSON.stringify(value));

/** `sha256:<hex>` over the canonical JSON of a value; a string is digested as its own bytes. */
export function digestOf(value: unknown): string {
  const text = typeof value === 'string' ? value : canonicalJson(value);
  return `sha256:${createHash('sha256').update(text).digest('hex')}`;
}
