import { isWithin, satisfiable } from '../../questions/satisfiable.ts';
import type { Check } from '../check.ts';
import { moveCondition } from '../edit-document.ts';
import { atCondition, operatorText } from '../places.ts';
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
      if (conditions.length > 0 && satisfiable([[onlyConditions(conditions)]]).verdict === 'within') continue;
      for (const [nth, condition] of conditions.entries()) {
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
