import type { Check } from '../check.ts';
import { atCondition, operatorText } from '../places.ts';
import { eachCondition } from './each-condition.ts';
import { keyFacts } from './key-facts.ts';

export const c05SetOperator: Check = {
  id: 'C05',
  severity: 'medium',
  title: 'a set operator on a key of one value, or none on a key of several',
  why: 'ForAllValues on a key of one value opens what it should limit where the key is missing; without a set operator AWS does not say how several values compare.',
  remedy: 'Use ForAllValues or ForAnyValue on keys of several values, and on no other.',
  *run({ policy, around: { data } }) {
    for (const { statement, condition, nth } of eachCondition(policy)) {
      const { operator, key } = condition;
      const facts = keyFacts(data, key);
      if (!facts || operator.name === 'Null') continue;
      if (facts.ofSeveral && operator.quantifier === undefined)
        yield {
          ...atCondition(statement, nth),
          detail: `${key} may have several values, and ${operatorText(operator)} has no set operator.`,
        };
      if (!facts.ofSeveral && operator.quantifier !== undefined)
        yield {
          ...atCondition(statement, nth),
          detail: `${key} has one value, and ${operatorText(operator)} is for keys of several.`,
        };
    }
  },
};
