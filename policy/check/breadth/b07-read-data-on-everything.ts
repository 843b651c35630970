import type { Check } from '../check.ts';
import { atElement } from '../places.ts';
import { someOf } from './openness.ts';
import { readsData } from './reads-data.ts';
import { scopableActions } from './scopable-actions.ts';

export const b07ReadDataOnEverything: Check = {
  id: 'B07',
  severity: 'low',
  title: 'reading data on every resource',
  why: 'What is read is the data itself, not what is written about it.',
  remedy: 'Name the buckets, tables, secrets or queues.',
  types: ['identity', 'session'],
  *run({ policy, around: { data } }) {
    for (const statement of policy.statements) {
      const names = scopableActions(data, statement)
        .filter(({ name }) => readsData(name))
        .map(({ name }) => name);
      if (names.length > 0)
        yield { ...atElement(statement, 'resources'), detail: `${someOf(names)} reads every resource.` };
    }
  },
};
