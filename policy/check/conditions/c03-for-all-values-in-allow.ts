import type { Check } from '../check.ts';
import { addCondition } from '../edit-document.ts';
import { atCondition, operatorText } from '../places.ts';
import { eachCondition } from './each-condition.ts';
import { needsKey } from './needs-key.ts';

/** Without these keys a call does less: it tags nothing. */
const HARMLESS_WITHOUT = /^(?:aws:tagkeys$|aws:requesttag\/)/;

export const c03ForAllValuesInAllow: Check = {
  id: 'C03',
  severity: 'high',
  title: 'ForAllValues in an Allow without Null',
  why: 'ForAllValues is true of a request that does not carry the key at all: the statement then allows what it was to limit.',
  remedy: 'Add "Null": {"<key>": "false"} to the statement.',
  *run({ policy }) {
    for (const { statement, condition, nth } of eachCondition(policy)) {
      const { operator, key } = condition;
      if (statement.effect !== 'Allow' || operator.quantifier !== 'ForAllValues') continue;
      if (needsKey(statement, key)) continue;
      yield {
        ...atCondition(statement, nth),
        ...(HARMLESS_WITHOUT.test(key) && { severity: 'low' as const }),
        detail: `${operatorText(operator)} holds of every request without ${key}.`,
        fix: (document) => addCondition(document, statement.index, { operator: 'Null', key, value: 'false' }),
      };
    }
  },
};
