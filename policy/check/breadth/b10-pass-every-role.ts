import type { Check } from '../check.ts';
import { atElement } from '../places.ts';
import { allowsAction, hasStarAction, isOpenOn } from './openness.ts';

export const b10PassEveryRole: Check = {
  id: 'B10',
  severity: 'high',
  title: 'passing every role',
  why: 'The strongest role that a service trusts is in reach of whoever can start something in that service.',
  remedy: 'Name the roles that are to be passed, and the service (iam:PassedToService).',
  types: ['identity', 'session'],
  *run({ policy }) {
    for (const statement of policy.statements) {
      if (!allowsAction(statement, 'iam:PassRole') || !isOpenOn(statement, 'iam', 'role')) continue;
      if (hasStarAction(statement)) continue;
      yield { ...atElement(statement, 'resources'), detail: 'iam:PassRole of every role.' };
    }
  },
};
