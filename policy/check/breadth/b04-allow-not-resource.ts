import type { Check } from '../check.ts';
import { atElement } from '../places.ts';

export const b04AllowNotResource: Check = {
  id: 'B04',
  severity: 'high',
  title: 'NotResource in an Allow',
  why: 'It allows the actions on all that it does not name, also on what is made later.',
  remedy: 'Name the resources that are meant.',
  *run({ policy }) {
    for (const statement of policy.statements)
      if (statement.effect === 'Allow' && statement.resources?.negated)
        yield {
          ...atElement(statement, 'resources'),
          detail: `It allows its actions on every resource but ${statement.resources.items.length} patterns.`,
        };
  },
};
