import type { Check } from '../check.ts';
import { atCondition, operatorText } from '../places.ts';
import { eachCondition } from './each-condition.ts';

export const c04ForAnyValue: Check = {
  id: 'C04',
  severity: 'medium',
  title: 'ForAnyValue that is negated, or in a Deny',
  why: 'Negated, one value that differs is enough; in a Deny, a request without the key passes.',
  remedy:
    'Write ForAllValues with the positive operator for "none but these", and deny a missing key with Null.',
  *run({ policy }) {
    for (const { statement, condition, nth } of eachCondition(policy)) {
      const { operator, key } = condition;
      if (operator.quantifier !== 'ForAnyValue') continue;
      const deniesAbsent = policy.statements.some(
        ({ effect, conditions }) =>
          effect === 'Deny' &&
          conditions.some(
            (other) =>
              other.key === key &&
              other.operator.name === 'Null' &&
              other.values.some(({ text }) => text.toLowerCase() === 'true'),
          ),
      );
      if (operator.name.includes('Not'))
        yield {
          ...atCondition(statement, nth),
          detail: `${operatorText(operator)} holds as soon as one value of ${key} differs.`,
        };
      else if (statement.effect === 'Deny' && !deniesAbsent)
        yield {
          ...atCondition(statement, nth),
          severity: 'low',
          detail: `A request without ${key} passes this Deny.`,
        };
    }
  },
};
