import type { PolicyJson } from '@cedar-policy/cedar-wasm/nodejs';
import { ATTRIBUTE_VALUES } from './cedar-schema.ts';

type EntityLiteral = { readonly type: string; readonly id: string };

/** Visits every object in a JSON value. */
function visit(value: unknown, see: (object: Record<string, unknown>) => void): void {
  if (Array.isArray(value)) for (const item of value) visit(item, see);
  else if (value !== null && typeof value === 'object') {
    see(value as Record<string, unknown>);
    for (const item of Object.values(value)) visit(item, see);
  }
}

/** Every entity a policy names, in its scope and in its conditions. */
export function entityLiteralsOf(policy: PolicyJson): EntityLiteral[] {
  const found: EntityLiteral[] = [];
  visit(policy, ({ type, id }) => {
    if (typeof type === 'string' && typeof id === 'string') found.push({ type, id });
  });
  return found;
}

/** Comparisons of an attribute with a value that it can never have, as `attribute == "value"`. */
export function impossibleComparisonsOf(policy: PolicyJson): string[] {
  const found: string[] = [];
  visit(policy, (object) => {
    for (const operator of ['==', '!=']) {
      const { left, right } = (object[operator] ?? {}) as { left?: unknown; right?: unknown };
      for (const [attribute, value] of [
        [attributeOf(left), stringOf(right)],
        [attributeOf(right), stringOf(left)],
      ]) {
        if (attribute === undefined || value === undefined) continue;
        const possible = ATTRIBUTE_VALUES[attribute];
        if (possible && !possible.includes(value)) found.push(`${attribute} ${operator} "${value}"`);
      }
    }
  });
  return found;
}

function attributeOf(expression: unknown): string | undefined {
  return (expression as { '.'?: { attr?: string } } | undefined)?.['.']?.attr;
}

function stringOf(expression: unknown): string | undefined {
  const value = (expression as { Value?: unknown } | undefined)?.Value;
  return typeof value === 'string' ? value : undefined;
}
