import type { Check } from '../check.ts';
import { atElement } from '../places.ts';

export const b03AllowNotAction: Check = {
  id: 'B03',
  severity: 'high',
  title: 'NotAction in an Allow',
  why: 'It allows all that it does not name, of every service, and all that AWS adds.',
  remedy: 'Name what is allowed; or deny, in a statement of its own, what must not be done.',
  types: ['identity', 'session', 'resource'],
  *run({ policy }) {
    for (const statement of policy.statements)
      if (statement.effect === 'Allow' && statement.actions.negated)
        yield {
          ...atElement(statement, 'actions'),
          detail: `It allows every action but ${statement.actions.items.length} patterns.`,
        };
  },
};
