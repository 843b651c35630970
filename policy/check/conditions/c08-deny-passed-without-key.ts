import type { Check } from '../check.ts';
import { atCondition, operatorText } from '../places.ts';
import { eachCondition } from './each-condition.ts';
import { ALWAYS_THERE } from './key-facts.ts';

/** What denies by a tag means what has it. */
const OF_TAGS = /(?:tag\/|^aws:tagkeys$)/;

export const c08DenyPassedWithoutKey: Check = {
  id: 'C08',
  severity: 'medium',
  title: 'a Deny that a request without the key passes',
  why: 'A positive operator holds only where the key is there. Long-term keys, service calls and older clients may lack it.',
  remedy: 'End the operator in IfExists, or deny a missing key with Null.',
  *run({ policy }) {
    for (const { statement, condition, nth } of eachCondition(policy)) {
      const { operator, key } = condition;
      if (statement.effect !== 'Deny' || operator.name === 'Null' || operator.quantifier) continue;
      if (operator.ifExists || operator.name.includes('Not') || ALWAYS_THERE.has(key)) continue;
      // Texts are most often what is not to be done, and MFA is another check's.
      if (OF_TAGS.test(key) || key === 'aws:multifactorauthpresent') continue;
      if (!/^(?:Bool|Numeric|Date|Ip)/.test(operator.name)) continue;
      yield {
        ...atCondition(statement, nth),
        detail: `${operatorText(operator)} does not deny where ${key} is missing.`,
      };
    }
  },
};
