import * as cedar from '@cedar-policy/cedar-wasm/nodejs';
import { ConfigError, lineAt } from '../../lambdas/shared/domain/config-error.ts';

const FILE = 'gateway.cedar';

/** One rule, and where it stands. */
export type Rule = {
  readonly id: string;
  readonly json: cedar.PolicyJson;
  readonly line: number;
  /** By `@observe`: what it would forbid is recorded, and not forbidden. */
  readonly isObserved: boolean;
};

type Detail = { message: string; sourceLocations?: { start: number }[] };

export function refuseRules(text: string, errors: readonly Detail[], what: string): never {
  const offset = errors[0]?.sourceLocations?.[0]?.start;
  const line = offset === undefined ? undefined : lineAt(text, offset);
  throw new ConfigError(FILE, line, `${what}: ${errors.map(({ message }) => message).join('; ')}`);
}

/** The rules of a text, each by its `@id`. Throws ConfigError for what does not parse or is not named. */
export function readRules(text: string): readonly Rule[] {
  const parts = cedar.policySetTextToParts(text);
  if (parts.type === 'failure') refuseRules(text, parts.errors, 'does not parse');
  if (parts.policy_templates.length > 0)
    throw new ConfigError(FILE, undefined, 'templates are not used here');
  const rules = new Map<string, Rule>();
  for (const policy of parts.policies) {
    const line = lineAt(text, Math.max(0, text.indexOf(policy)));
    const parsed = cedar.policyToJson(policy);
    if (parsed.type === 'failure') refuseRules(text, parsed.errors, 'does not parse');
    const id = parsed.json.annotations?.id;
    if (!id)
      throw new ConfigError(FILE, line, 'a rule has no @id("…"); name it, so that refusals can cite it');
    if (rules.has(id)) throw new ConfigError(FILE, line, `@id("${id}") is used twice; name each rule once`);
    const isObserved = parsed.json.annotations?.observe !== undefined;
    if (isObserved && parsed.json.effect !== 'forbid') {
      const why = 'only a forbid can be observed; a permit opens, or is left out';
      throw new ConfigError(FILE, line, `${id}: ${why}`);
    }
    rules.set(id, { id, json: parsed.json, line, isObserved });
  }
  return [...rules.values()];
}

type EntityId = { readonly type: string; readonly id: string };

/** Visits every object in a JSON value. */
function visit(value: unknown, see: (object: Record<string, unknown>) => void): void {
  if (Array.isArray(value)) for (const item of value) visit(item, see);
  else if (value !== null && typeof value === 'object') {
    see(value as Record<string, unknown>);
    for (const item of Object.values(value)) visit(item, see);
  }
}

/** Every entity that a rule names. */
export function entitiesIn(rule: Rule): EntityId[] {
  const found: EntityId[] = [];
  visit(rule.json, ({ type, id }) => {
    if (typeof type === 'string' && typeof id === 'string') found.push({ type, id });
  });
  return found;
}

/** Whether an expression looks at a variable: `principal`, `action`, `resource` or `context`. */
export function mentions(expression: unknown, variable: string): boolean {
  let found = false;
  visit(expression, ({ Var: name }) => {
    found ||= name === variable;
  });
  return found;
}

/** Whether a rule looks at an attribute of the context. */
export function looksAt(rule: Rule, attribute: string): boolean {
  let found = false;
  visit(rule.json, (object) => {
    const access = object['.'] as { left?: { Var?: string }; attr?: string } | undefined;
    found ||= access?.left?.Var === 'context' && access.attr === attribute;
  });
  return found;
}

/** Whether a rule asks if something is there: Cedar takes what can never be there for what is not. */
export function askedFor(rule: Rule): { readonly ofContext: string[]; readonly ofParameters: string[] } {
  const [ofContext, ofParameters]: [string[], string[]] = [[], []];
  visit(rule.json, (object) => {
    const asked = object.has as { left?: Record<string, unknown>; attr?: string } | undefined;
    const inner = asked?.left?.['.'] as { left?: { Var?: string }; attr?: string } | undefined;
    if (asked?.attr && asked.left?.Var === 'context') ofContext.push(asked.attr);
    if (asked?.attr && inner?.left?.Var === 'context' && inner.attr === 'parameters')
      ofParameters.push(asked.attr);
  });
  return { ofContext, ofParameters };
}

/** The groups whose count a rule looks at: `context.counts.write`. */
export function countedIn(rule: Rule): string[] {
  const found: string[] = [];
  visit(rule.json, (object) => {
    const access = object['.'] as { left?: Record<string, unknown>; attr?: string } | undefined;
    const inner = access?.left?.['.'] as { left?: { Var?: string }; attr?: string } | undefined;
    if (access?.attr && inner?.left?.Var === 'context' && inner.attr === 'counts') found.push(access.attr);
  });
  return found;
}

/**
 * The rules as they count where the resource is not known: a forbid is taken as one on any resource, a permit that says
 * on which is left out.
 */
export function withoutResource(rules: readonly Rule[]): Record<string, cedar.PolicyJson> {
  const kept = rules.flatMap(({ id, json }): [string, cedar.PolicyJson][] => {
    const isBound =
      json.resource.op !== 'All' || json.conditions.some((condition) => mentions(condition, 'resource'));
    if (!isBound) return [[id, json]];
    if (json.effect === 'permit') return [];
    const conditions = json.conditions.filter((condition) => !mentions(condition, 'resource'));
    return [[id, { ...json, resource: { op: 'All' }, conditions }]];
  });
  return Object.fromEntries(kept);
}
