import type { Check } from '../check.ts';
import { moveCondition } from '../edit-document.ts';
import { atCondition, operatorText } from '../places.ts';
import { eachCondition } from './each-condition.ts';
import { ALWAYS_THERE } from './key-facts.ts';
import { needsKey } from './needs-key.ts';

export const c07IfExistsInAllow: Check = {
  id: 'C07',
  severity: 'high',
  title: '…IfExists in an Allow',
  why: 'It holds of every request that does not carry the key: the statement allows those too.',
  remedy: 'Leave IfExists out, or put what may lack the key into a statement of its own.',
  *run({ policy }) {
    for (const { statement, condition, nth } of eachCondition(policy)) {
      const { operator, key } = condition;
      if (statement.effect !== 'Allow' || !operator.ifExists || operator.quantifier) continue;
      // Negated operators hold without the key whatever their ending. MFA is another check's.
      if (operator.name.includes('Not') || key === 'aws:multifactorauthpresent') continue;
      if (ALWAYS_THERE.has(key) || needsKey(statement, key)) continue;
      const from = operatorText(operator);
      yield {
        ...atCondition(statement, nth),
        detail: `It also allows every request without ${key}.`,
        fix: (document) =>
          moveCondition(document, statement.index, { from, key, to: from.replace(/IfExists$/, '') }),
      };
    }
  },
};
