import type { Check } from '../check.ts';
import { atElement } from '../places.ts';
import { someOf } from './openness.ts';
import { scopableActions } from './scopable-actions.ts';

export const b14ListOnEverything: Check = {
  id: 'B14',
  severity: 'note',
  title: 'listing every resource',
  why: 'It shows what there is; most listings cannot be scoped at all.',
  remedy: 'Nothing, where the names are no secret.',
  types: ['identity', 'session'],
  *run({ policy, around: { data } }) {
    for (const statement of policy.statements) {
      const names = scopableActions(data, statement)
        .filter(({ level }) => level === 'L')
        .map(({ name }) => name);
      if (names.length > 0)
        yield { ...atElement(statement, 'resources'), detail: `${someOf(names)} lists every resource.` };
    }
  },
};
