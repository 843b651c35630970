import type { Condition } from '../../parse/policy-model.ts';
import { isWithin, satisfiable } from '../../questions/satisfiable.ts';
import type { Check } from '../check.ts';
import { moveCondition } from '../edit-document.ts';
import { atCondition, operatorText } from '../places.ts';
import { ALWAYS_THERE } from './key-facts.ts';
import { onlyConditions } from './only-conditions.ts';

export const c12AlwaysTrue: Check = {
  id: 'C12',
  severity: 'medium',
  title: 'a condition that always holds',
  why: 'It looks like a limit and is none.',
  remedy: 'Remove it, or write what was meant.',
  *run({ policy }) {
    for (const statement of policy.statements) {
      const { conditions } = statement;
      if (!conditions.some((condition) => mayAlwaysHold(condition, conditions))) continue;
      if (satisfiable([[onlyConditions(conditions)]]).verdict === 'within') continue;
      for (const [nth, condition] of conditions.entries()) {
        if (!mayAlwaysHold(condition, conditions)) continue;
        const others = conditions.filter((_, index) => index !== nth);
        if (!isWithin([[onlyConditions(others)]], [[onlyConditions(conditions)]])) continue;
        yield {
          ...atCondition(statement, nth),
          detail: `${operatorText(condition.operator)} on ${condition.key} holds whenever the rest of the statement does.`,
          fix: (document) =>
            moveCondition(document, statement.index, {
              from: operatorText(condition.operator),
              key: condition.key,
            }),
        };
      }
    }
  },
};

/** Quick, and true of every condition that always holds: a request without its key does not fail it. */
function mayAlwaysHold({ key, operator }: Condition, all: readonly Condition[]): boolean {
  return (
    operator.ifExists ||
    operator.quantifier === 'ForAllValues' ||
    operator.name === 'Null' ||
    operator.name.includes('Not') ||
    ALWAYS_THERE.has(key) ||
    all.filter((other) => other.key === key).length > 1
  );
}
