import type { PolicyJson } from '@cedar-policy/cedar-wasm/nodejs';
import type { NamedOutside } from '../../domain/guardrails/guardrails.ts';

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

/** The operators that compare, as Cedar's JSON has them, and how a comparison by each is told. */
const COMPARISONS = { '==': '==', '!=': '!=', contains: '==' } as const;

/** Comparisons of an attribute with a value that it can never have, as `attribute == "value"`. */
export function impossibleComparisonsOf(
  policy: PolicyJson,
  possibleValues: Readonly<Record<string, readonly string[]>>,
): string[] {
  const found: string[] = [];
  visit(policy, (object) => {
    for (const [operator, told] of Object.entries(COMPARISONS)) {
      const { left, right } = (object[operator] ?? {}) as { left?: unknown; right?: unknown };
      for (const [attribute, values] of [
        [attributeOf(left), stringsOf(right)],
        [attributeOf(right), stringsOf(left)],
      ] as const) {
        const possible = attribute === undefined ? undefined : possibleValues[attribute];
        const never = possible && values.find((value) => !possible.includes(value));
        if (never !== undefined) found.push(`${attribute} ${told} "${never}"`);
      }
    }
  });
  return found;
}

function attributeOf(expression: unknown): string | undefined {
  return (expression as { '.'?: { attr?: string } } | undefined)?.['.']?.attr;
}

/** The string that an expression is, or those of the set that it is. */
function stringsOf(expression: unknown): string[] {
  const { Value: value, Set: set } = (expression ?? {}) as { Value?: unknown; Set?: unknown };
  if (Array.isArray(set)) return set.flatMap(stringsOf);
  return typeof value === 'string' ? [value] : [];
}

/** Operators by which a set of names is held against others. */
const OVER_SETS = ['contains', 'containsAny', 'containsAll'] as const;

/** What policies name of each set that the context has from outside. */
export function namedOutside(policies: readonly PolicyJson[]): NamedOutside {
  const named = { references: [], onCall: [], openReferences: [], incidents: [] } as Record<
    keyof NamedOutside,
    string[]
  >;
  for (const policy of policies)
    visit(policy, (object) => {
      for (const operator of OVER_SETS) {
        const { left, right } = (object[operator] ?? {}) as { left?: unknown; right?: unknown };
        const attribute = attributeOf(left);
        if (attribute !== undefined && Object.hasOwn(named, attribute))
          named[attribute as keyof NamedOutside].push(...stringsOf(right));
      }
    });
  return named;
}
