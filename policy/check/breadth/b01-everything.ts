import type { Check } from '../check.ts';
import { atElement } from '../places.ts';
import { hasStarAction, hasStarResource } from './openness.ts';

export const b01Everything: Check = {
  id: 'B01',
  severity: 'critical',
  title: 'every action on every resource',
  why: 'Whoever has it is an administrator, whatever its name says, and can give more to others.',
  remedy: 'Name the actions that are needed, and their resources.',
  types: ['identity', 'session'],
  *run({ policy }) {
    for (const statement of policy.statements) {
      if (statement.effect !== 'Allow' || !hasStarAction(statement) || !hasStarResource(statement)) continue;
      const isLimited = statement.conditions.length > 0;
      yield {
        ...atElement(statement, 'actions'),
        ...(isLimited && { severity: 'high' as const }),
        detail: isLimited ? 'It allows everything, under conditions.' : 'It allows everything.',
      };
    }
  },
};
