import type { Condition, Element, Pattern, Statement } from '../../parse/policy-model.ts';

/**
 * How far a statement may be off, where it has to be off at all: a candidate's Allow and a reference's Deny may only
 * be taken for wider than they are, a candidate's Deny and a reference's Allow for narrower. Then what is proved
 * within is within.
 */
export type Leaning = 'wider' | 'narrower';

const isOpen = ({ parts }: Pattern): boolean => parts.some(({ kind }) => kind === 'variable');
const isNegated = ({ operator }: Condition): boolean => operator.name.includes('Not');

/** Whether a policy variable stands where what it matches is taken away: in NotResource, under a negated operator. */
export const hasNegatedVariable = ({ resources, conditions }: Statement): boolean =>
  (resources?.negated === true && resources.items.some(isOpen)) ||
  conditions.some((condition) => isNegated(condition) && condition.values.some(isOpen));

/** The variables' patterns with `*` in their place, or left out. */
function withoutVariables(patterns: readonly Pattern[], leaning: Leaning): Pattern[] {
  if (leaning === 'narrower') return patterns.filter((pattern) => !isOpen(pattern));
  return patterns.map((pattern) => ({
    ...pattern,
    parts: pattern.parts.map((part) => (part.kind === 'variable' ? { kind: 'many' } : part)),
  }));
}

/**
 * The statement without policy variables: whatever values they have, it is at least, or at most, what the statement
 * means. Undefined where that is nothing. What a negated element means whose variable has no value, AWS does not
 * say; so it is taken for either.
 */
export function withoutItsVariables(statement: Statement, leaning: Leaning): Statement | undefined {
  if (leaning === 'narrower' && hasNegatedVariable(statement)) return undefined;
  const { resources, conditions } = statement;
  return {
    ...statement,
    ...(resources && { resources: elementWithout(resources, leaning) }),
    conditions: conditions.flatMap((condition) => conditionWithout(condition, leaning)),
  };
}

function elementWithout(element: Element<Pattern>, leaning: Leaning): Element<Pattern> {
  const items = element.negated
    ? element.items.filter((pattern) => !isOpen(pattern))
    : withoutVariables(element.items, leaning);
  return { ...element, items };
}

/** Under a negated operator this leans wider: the narrower statement is none at all. */
function conditionWithout(condition: Condition, leaning: Leaning): Condition[] {
  const { values, operator } = condition;
  if (!values.some(isOpen)) return [condition];
  if (isNegated(condition)) {
    const left = values.filter((pattern) => !isOpen(pattern));
    return left.length > 0 ? [{ ...condition, values: left }] : [];
  }
  if (leaning === 'wider' && operator.name === 'StringEqualsIgnoreCase') return [];
  return leaning === 'wider' && operator.name === 'StringEquals'
    ? [{ ...condition, operator: { ...operator, name: 'StringLike' }, values: asWild(values) }]
    : [{ ...condition, values: withoutVariables(values, leaning) }];
}

/** What was a character under `StringEquals` stays one under `StringLike`. */
const asWild = (values: readonly Pattern[]): Pattern[] =>
  withoutVariables(
    values.map((value) => ({
      ...value,
      parts: value.parts.map((part) => {
        if (part.kind === 'many') return { kind: 'literal', text: '*' };
        return part.kind === 'single' ? { kind: 'literal', text: '?' } : part;
      }),
    })),
    'wider',
  );
