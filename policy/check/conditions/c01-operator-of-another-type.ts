import type { KeyType } from '../../data/service-data.ts';
import type { Check } from '../check.ts';
import { atCondition, operatorText } from '../places.ts';
import { eachCondition } from './each-condition.ts';
import { keyFacts } from './key-facts.ts';

/** Operators that fit each type. `Null` fits all, and ARNs under String operators are another check's. */
const FITS: Record<KeyType, { readonly operators: RegExp; readonly named: string }> = {
  S: { operators: /^(?:String|Binary)/, named: 'a text' },
  A: { operators: /^(?:Arn|String)/, named: 'an ARN' },
  B: { operators: /^Bool/, named: 'a truth value' },
  N: { operators: /^Numeric/, named: 'a number' },
  D: { operators: /^(?:Date|Numeric)/, named: 'a date' },
  I: { operators: /^(?:Not)?IpAddress/, named: 'an address' },
};

export const c01OperatorOfAnotherType: Check = {
  id: 'C01',
  severity: 'medium',
  title: "an operator that does not fit the key's type",
  why: 'AWS compares by the operator: what is no number, date or address under it never matches, and a negated operator then always holds.',
  remedy: "Take the operator of the key's type.",
  *run({ policy, around: { data } }) {
    for (const { statement, condition, nth } of eachCondition(policy)) {
      const { operator, key } = condition;
      const type = keyFacts(data, key)?.type;
      if (type === undefined || operator.name === 'Null' || FITS[type].operators.test(operator.name))
        continue;
      yield {
        ...atCondition(statement, nth),
        detail: `${key} is ${FITS[type].named}, which ${operatorText(operator)} does not compare.`,
      };
    }
  },
};
