import type { Condition, Statement } from '../../parse/policy-model.ts';
import type { Check } from '../check.ts';
import { moveCondition } from '../edit-document.ts';
import { atCondition, operatorText } from '../places.ts';
import { eachCondition } from './each-condition.ts';

const MFA = /^aws:multifactorauth(?:present|age)$/;

export const c06MfaFailsOpen: Check = {
  id: 'C06',
  severity: 'high',
  title: 'a test of MFA that passes without it',
  why: 'A request with long-term keys carries no aws:MultiFactorAuthPresent at all, and one with temporary keys carries it always.',
  remedy: 'Deny with BoolIfExists false, or allow with Bool true.',
  *run({ policy }) {
    for (const { statement, condition, nth } of eachCondition(policy)) {
      if (!MFA.test(condition.key)) continue;
      const wrong = passesWithout(statement, condition);
      if (!wrong) continue;
      const from = operatorText(condition.operator);
      const to = statement.effect === 'Deny' ? 'BoolIfExists' : 'Bool';
      yield {
        ...atCondition(statement, nth),
        detail: wrong,
        ...(condition.operator.name === 'Bool' && {
          fix: (document) => moveCondition(document, statement.index, { from, key: condition.key, to }),
        }),
      };
    }
  },
};

function passesWithout(
  { effect, conditions }: Statement,
  { operator, key, values }: Condition,
): string | undefined {
  const wants = new Set(values.map(({ text }) => text.toLowerCase()));
  if (operator.name === 'Null') {
    const isBeside = conditions.some((other) => other.key === key && other.operator.name !== 'Null');
    if (effect === 'Deny' && wants.has('true') && !isBeside)
      return `Temporary keys without MFA carry ${key}, and pass this Deny.`;
    return effect === 'Allow' && wants.has('true') ? `It allows where ${key} is missing.` : undefined;
  }
  if (operator.name !== 'Bool') return undefined;
  if (effect === 'Deny' && wants.has('false') && !operator.ifExists)
    return 'Long-term keys carry no sign of MFA, and pass this Deny.';
  if (effect === 'Allow' && wants.has('true') && operator.ifExists)
    return 'Long-term keys carry no sign of MFA, and are allowed.';
  return effect === 'Allow' && wants.has('false') ? 'It allows where there was no MFA.' : undefined;
}
