import type { Check } from '../check.ts';
import { atElement } from '../places.ts';
import { someOf } from './openness.ts';
import { scopableActions } from './scopable-actions.ts';

export const b06PermissionsOnEverything: Check = {
  id: 'B06',
  severity: 'medium',
  title: 'changing permissions on every resource',
  why: 'Who may change who may do what can give itself, or others, anything of the kind.',
  remedy: 'Name the resources, and limit by condition what may be given.',
  types: ['identity', 'session'],
  *run({ policy, around: { data } }) {
    for (const statement of policy.statements) {
      const names = scopableActions(data, statement)
        .filter(({ level }) => level === 'P')
        .map(({ name }) => name);
      if (names.length > 0)
        yield { ...atElement(statement, 'resources'), detail: `${someOf(names)} on every resource.` };
    }
  },
};
