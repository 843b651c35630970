import type { MaskPlan } from './plan-mask.ts';

/** What stands in the place of what is masked. */
const MASKED = '[masked]';

const isObject = (value: unknown): value is Record<string, unknown> =>
  value !== null && typeof value === 'object' && !Array.isArray(value);

/** The value with these attributes of DynamoDB's masked, at any depth; each stays an attribute value. */
function maskAttributes(value: unknown, attributes: ReadonlySet<string>): unknown {
  if (Array.isArray(value)) return value.map((item) => maskAttributes(item, attributes));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [
      name,
      attributes.has(name) ? { S: MASKED } : maskAttributes(item, attributes),
    ]),
  );
}

/** The value with what a path leads to masked. A text stays a text; anything else becomes one. */
function maskField(value: unknown, path: readonly string[]): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return MASKED;
  if (step === '[]') return Array.isArray(value) ? value.map((item) => maskField(item, rest)) : value;
  if (!isObject(value)) return value;
  const isEach = step === '{}';
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [
      name,
      isEach || name === step ? maskField(item, rest) : item,
    ]),
  );
}

/** An answer with what the plan says masked. */
export function maskJson(value: unknown, { attributes, fields }: MaskPlan): unknown {
  const ofTables = attributes.length === 0 ? value : maskAttributes(value, new Set(attributes));
  return fields.reduce<unknown>((masked, field) => maskField(masked, field.split('.')), ofTables);
}
