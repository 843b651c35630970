import type { Check } from '../check.ts';
import { atElement } from '../places.ts';
import { someOf } from './openness.ts';
import { scopableActions } from './scopable-actions.ts';

export const b05WriteOnEverything: Check = {
  id: 'B05',
  severity: 'medium',
  title: 'writing on every resource, where it could be scoped',
  why: 'A mistake, or whoever takes the keys, reaches everything of the kind.',
  remedy: 'Name the resources: these actions take their ARNs.',
  types: ['identity', 'session'],
  *run({ policy, around: { data } }) {
    for (const statement of policy.statements) {
      const names = scopableActions(data, statement)
        .filter(({ level }) => level === 'W' || level === 'T')
        .map(({ name }) => name);
      if (names.length > 0)
        yield { ...atElement(statement, 'resources'), detail: `${someOf(names)} on every resource.` };
    }
  },
};
