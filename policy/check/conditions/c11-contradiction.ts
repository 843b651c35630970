import { satisfiable } from '../../questions/satisfiable.ts';
import type { Check } from '../check.ts';
import { atStatement } from '../places.ts';
import { onlyConditions } from './only-conditions.ts';

export const c11Contradiction: Check = {
  id: 'C11',
  severity: 'medium',
  title: 'conditions that cannot hold together',
  why: 'The statement never applies: an Allow opens nothing, and a Deny protects nothing.',
  remedy: 'Put alternatives into one list of values, or into statements of their own.',
  *run({ policy }) {
    for (const statement of policy.statements) {
      // Conditions on different keys do not meet.
      const keys = statement.conditions.map(({ key }) => key);
      if (new Set(keys).size === keys.length) continue;
      const answer = satisfiable([[onlyConditions(statement.conditions)]]);
      if (answer.verdict === 'within')
        yield { ...atStatement(statement), detail: 'No request meets all conditions of the statement.' };
    }
  },
};
