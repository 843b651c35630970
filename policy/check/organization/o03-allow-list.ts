import { hasStarAction, hasStarResource } from '../breadth/openness.ts';
import type { Check } from '../check.ts';
import { atElement } from '../places.ts';

export const o03AllowList: Check = {
  id: 'O03',
  severity: 'medium',
  title: 'an allow-list in place of FullAWSAccess',
  why: 'With FullAWSAccess gone, whatever the list does not name stops in every account below, new services too.',
  remedy: 'Keep FullAWSAccess and deny what must not be; or be sure that the list is kept up.',
  types: ['scp'],
  *run({ policy }) {
    const allows = policy.statements.filter(({ effect }) => effect === 'Allow');
    if (
      allows.some((entry) => hasStarAction(entry) && hasStarResource(entry) && entry.conditions.length === 0)
    )
      return;
    const [first] = allows;
    if (first)
      yield {
        ...atElement(first, 'actions'),
        detail: 'It allows some actions, and so stops all others where it stands alone.',
      };
  },
};
