import type { Check } from '../check.ts';
import { atStatement } from '../places.ts';
import { allowsAction, hasStarAction, isLimitedBy } from './openness.ts';

export const b11PassRoleToAnyService: Check = {
  id: 'B11',
  severity: 'high',
  title: 'passing a role without naming the service',
  why: 'The role can be handed to any service that it trusts, also to one where the caller runs code.',
  remedy: 'Add a condition StringEquals on iam:PassedToService.',
  types: ['identity', 'session'],
  *run({ policy }) {
    for (const statement of policy.statements) {
      if (!allowsAction(statement, 'iam:PassRole') || hasStarAction(statement)) continue;
      if (isLimitedBy(statement, 'iam:passedtoservice', 'iam:associatedresourcearn')) continue;
      yield { ...atStatement(statement), detail: 'iam:PassRole to any service.' };
    }
  },
};
