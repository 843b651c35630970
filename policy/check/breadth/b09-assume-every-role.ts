import type { Check } from '../check.ts';
import { atElement } from '../places.ts';
import { allowsAction, hasStarAction, isLimitedBy, isOpenOn } from './openness.ts';

export const b09AssumeEveryRole: Check = {
  id: 'B09',
  severity: 'medium',
  title: 'assuming every role',
  why: 'Only the trust policies stand between the caller and each role, in every account.',
  remedy: 'Name the roles.',
  types: ['identity', 'session'],
  *run({ policy }) {
    for (const statement of policy.statements) {
      if (!allowsAction(statement, 'sts:AssumeRole') || !isOpenOn(statement, 'iam', 'role')) continue;
      if (hasStarAction(statement) || isLimitedBy(statement, 'aws:resourceaccount', 'aws:resourceorgid'))
        continue;
      yield { ...atElement(statement, 'resources'), detail: 'sts:AssumeRole on every role.' };
    }
  },
};
