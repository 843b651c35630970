import { matchAction } from '../../evaluate/match-action.ts';
import type { Pattern, Statement } from '../../parse/policy-model.ts';
import { isStar } from '../matched-actions.ts';

/** Whether a statement allows an action, by name in any case. */
export function allowsAction({ effect, actions }: Statement, action: string): boolean {
  if (effect !== 'Allow') return false;
  return actions.negated !== actions.items.some((item) => matchAction(item, action.toLowerCase()));
}

/** Whether every action of every service is meant. */
export const hasStarAction = ({ actions }: Statement): boolean =>
  !actions.negated && actions.items.some(isStar);

/** Whether a pattern is every resource, written as `*` or as an ARN of wildcards alone. */
export const isEverything = (pattern: Pattern): boolean =>
  isStar(pattern) || /^arn:(?:\*|aws[a-z-]*):\*(?::\*)*$/.test(pattern.text);

/** Whether a statement is about every resource. */
export const hasStarResource = ({ resources }: Statement): boolean =>
  resources !== undefined && !resources.negated && resources.items.some(isEverything);

/** Whether a statement is about every resource of one kind: `*`, or its ARN with nothing but `*` for the name. */
export function isOpenOn({ resources }: Statement, service: string, kind: string): boolean {
  if (!resources) return false;
  if (resources.negated) return true;
  const open = new RegExp(`^arn:[^:]*:${service}:[^:]*:[^:]*:(?:\\*|${kind}[/:]?\\*)$`);
  return resources.items.some((pattern) => isEverything(pattern) || open.test(pattern.text));
}

/** Whether a statement has a condition on one of these keys, in lower case, that does not hold without it. */
export const isLimitedBy = ({ conditions }: Statement, ...keys: readonly string[]): boolean =>
  conditions.some(
    ({ key, operator, values }) =>
      keys.some((wanted) => (wanted.endsWith('/') ? key.startsWith(wanted) : key === wanted)) &&
      operator.name !== 'Null' &&
      !operator.ifExists &&
      operator.quantifier !== 'ForAllValues' &&
      !operator.name.includes('Not') &&
      !values.some(isStar),
  );

/** A few of many names, for a sentence. */
export function someOf(names: readonly string[], most = 3): string {
  const shown = names.slice(0, most).join(', ');
  return names.length > most ? `${shown} and ${names.length - most} more` : shown;
}
