import type { Check } from '../check.ts';
import { isStar } from '../matched-actions.ts';
import { atElement } from '../places.ts';
import { hasStarResource } from './openness.ts';

export const b02WholeService: Check = {
  id: 'B02',
  severity: 'high',
  title: 'every action of a service on every resource',
  why: 'It includes what deletes, what shares, and what changes who may do what; and whatever the service adds.',
  remedy: 'Name the actions, and the resources that they take.',
  types: ['identity', 'session'],
  *run({ policy }) {
    for (const statement of policy.statements) {
      if (statement.effect !== 'Allow' || statement.actions.negated || !hasStarResource(statement)) continue;
      for (const [nth, pattern] of statement.actions.items.entries())
        if (!isStar(pattern) && /^[^:]+:\*+$/.test(pattern.text))
          yield { ...atElement(statement, 'actions', nth), detail: `${pattern.text} on every resource.` };
    }
  },
};
