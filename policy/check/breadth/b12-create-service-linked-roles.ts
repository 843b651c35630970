import type { Check } from '../check.ts';
import { atElement } from '../places.ts';
import { allowsAction, hasStarAction, isLimitedBy, isOpenOn } from './openness.ts';

export const b12CreateServiceLinkedRoles: Check = {
  id: 'B12',
  severity: 'medium',
  title: 'making service-linked roles of every service',
  why: 'Each opens the account to one more service.',
  remedy: 'Limit it by iam:AWSServiceName.',
  types: ['identity', 'session'],
  *run({ policy }) {
    for (const statement of policy.statements) {
      if (!allowsAction(statement, 'iam:CreateServiceLinkedRole') || !isOpenOn(statement, 'iam', 'role'))
        continue;
      if (hasStarAction(statement) || isLimitedBy(statement, 'iam:awsservicename')) continue;
      yield {
        ...atElement(statement, 'resources'),
        detail: 'iam:CreateServiceLinkedRole for every service.',
      };
    }
  },
};
