import fc from 'fast-check';
import { makeCedarGuardrails } from '../../../lambdas/shared/adapters/config/cedar-guardrails.ts';
import {
  accessLevelOf,
  type Catalog,
  type CatalogResource,
  grantableActions,
} from '../../../lambdas/shared/domain/catalog/catalog.ts';
import type { GuardrailQuestion, Guardrails } from '../../../lambdas/shared/domain/guardrails/guardrails.ts';

/** One condition of a rule, as Cedar writes it and as the judge reads it. */
type Condition =
  | { readonly context: 'approvals' | 'stepUpApprovals' | 'durationSeconds'; readonly atLeast: number }
  | { readonly onBehalfOf: boolean }
  | { readonly sensitivity: string }
  | { readonly subjectScoped: boolean };

/** One guardrail. What it leaves out, it holds for all of. */
export type Rule = {
  readonly effect: 'permit' | 'forbid';
  readonly group?: string;
  readonly level?: string;
  readonly action?: string;
  readonly resource?: string;
  readonly when?: readonly Condition[];
  readonly unless?: readonly Condition[];
};

function cedarOf(condition: Condition): string {
  if ('context' in condition) return `context.${condition.context} >= ${condition.atLeast}`;
  if ('onBehalfOf' in condition) return `context.onBehalfOf == ${condition.onBehalfOf}`;
  if ('sensitivity' in condition) return `resource.sensitivity == "${condition.sensitivity}"`;
  return `resource.subjectScoped == ${condition.subjectScoped}`;
}

function textOfRule({ effect, group, level, action, resource, when, unless }: Rule, n: number): string {
  const scope = [
    group ? `principal in Group::"${group}"` : 'principal',
    action ? `action == Action::"${action}"` : level ? `action in Action::"${level}"` : 'action',
    resource ? `resource == Resource::"${resource}"` : 'resource',
  ];
  const clause = (word: string, conditions: readonly Condition[] | undefined) =>
    conditions ? `\n${word} { ${conditions.map(cedarOf).join(' && ')} }` : '';
  return `@id("rule-${n}")\n${effect} (${scope.join(', ')})${clause('when', when)}${clause('unless', unless)};`;
}

/** The rules as the text of `guardrails.cedar`. */
const cedarText = (rules: readonly Rule[]): string => rules.map(textOfRule).join('\n\n');

let kept: { rules: readonly Rule[]; guardrails: Guardrails } | undefined;

/**
 * Cedar's own answer. One name for all, so that Cedar keeps the newest alone: ask before the next is made. The same
 * rules again are not compiled again.
 */
export function compiled(rules: readonly Rule[], { resources }: Catalog): Guardrails {
  if (kept?.rules === rules) return kept.guardrails;
  const catalog = { version: 1 as const, resources: [...resources.values()] };
  kept = { rules, guardrails: makeCedarGuardrails(cedarText(rules), catalog, 'arbitrary') };
  return kept.guardrails;
}

function holds(condition: Condition, { resource, context }: GuardrailQuestion): boolean {
  if ('context' in condition) return context[condition.context] >= condition.atLeast;
  if ('onBehalfOf' in condition) return context.onBehalfOf === condition.onBehalfOf;
  if ('sensitivity' in condition) return resource.sensitivity === condition.sensitivity;
  return resource.subjectScoped === condition.subjectScoped;
}

function applies(rule: Rule, question: GuardrailQuestion): boolean {
  const { principal, action, resource } = question;
  const all = (conditions: readonly Condition[]) =>
    conditions.every((condition) => holds(condition, question));
  if (rule.group && !principal.groups.includes(rule.group)) return false;
  if (rule.action && rule.action !== action) return false;
  if (!rule.action && rule.level && rule.level !== accessLevelOf(resource, action)) return false;
  if (rule.resource && rule.resource !== resource.key) return false;
  if (rule.when && !all(rule.when)) return false;
  return !(rule.unless && all(rule.unless));
}

/** The judge's reading of the same rules, which shares nothing with Cedar: a permit, and no forbid. */
export function permits(rules: readonly Rule[], question: GuardrailQuestion): boolean {
  const relevant = rules.filter((rule) => applies(rule, question));
  return (
    relevant.some(({ effect }) => effect === 'permit') && !relevant.some(({ effect }) => effect === 'forbid')
  );
}

const conditions: fc.Arbitrary<Condition> = fc.oneof(
  fc.record({
    context: fc.constantFrom('approvals' as const, 'stepUpApprovals' as const),
    atLeast: fc.integer({ min: 0, max: 3 }),
  }),
  fc.record({
    context: fc.constant('durationSeconds' as const),
    atLeast: fc.integer({ min: 900, max: 3600 }),
  }),
  fc.record({ onBehalfOf: fc.boolean() }),
  fc.record({ sensitivity: fc.constantFrom('internal', 'restricted') }),
  fc.record({ subjectScoped: fc.boolean() }),
);

/** Rules over a catalog; a permit is among them, mostly of everything. */
export function rulesOver(resources: readonly CatalogResource[]): fc.Arbitrary<Rule[]> {
  const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined, freq: 2 });
  const clause = optional(fc.array(conditions, { minLength: 1, maxLength: 2 }));
  const rule = (effect: fc.Arbitrary<Rule['effect']>): fc.Arbitrary<Rule> =>
    fc
      .record({
        effect,
        group: optional(fc.constantFrom('employees', 'analysts', 'support-agents', 'nobody')),
        level: optional(fc.constantFrom('read', 'write', 'admin')),
        action: optional(fc.constantFrom(...resources.flatMap(grantableActions))),
        resource: optional(fc.constantFrom(...resources.map(({ key }) => key))),
        when: clause,
        unless: clause,
      })
      .map((drawn) => JSON.parse(JSON.stringify(drawn)) as Rule);
  const everything = fc.constant<Rule>({ effect: 'permit' });
  return fc
    .tuple(
      fc.oneof({ weight: 2, arbitrary: everything }, { weight: 1, arbitrary: rule(fc.constant('permit')) }),
      fc.array(rule(fc.constantFrom('permit', 'forbid', 'forbid')), { maxLength: 4 }),
    )
    .map(([first, others]) => [first, ...others]);
}
