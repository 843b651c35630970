import { satisfiable } from '../../questions/satisfiable.ts';
import type { Check } from '../check.ts';
import { removeStatement } from '../edit-document.ts';
import { atStatement } from '../places.ts';

export const s03WhollyDenied: Check = {
  id: 'S03',
  severity: 'high',
  title: 'an Allow that is wholly denied',
  why: 'A Deny of the same policy takes away all that it gives: one of the two is not what was meant.',
  remedy: 'Remove the Allow, or narrow the Deny.',
  *run({ policy }) {
    const { statements } = policy;
    const denies = statements.filter(({ effect }) => effect === 'Deny');
    if (denies.length === 0) return;
    for (const statement of statements) {
      if (statement.effect !== 'Allow') continue;
      if (satisfiable([[{ ...policy, statements: [statement, ...denies] }]]).verdict !== 'within') continue;
      // What allows nothing by itself is another check's.
      if (satisfiable([[{ ...policy, statements: [statement] }]]).verdict === 'within') continue;
      yield {
        ...atStatement(statement),
        detail: 'The Deny statements of this policy take away all that it allows.',
        fix: (document) => removeStatement(document, statement.index),
      };
    }
  },
};
