import { allowsAction } from '../breadth/openness.ts';
import type { Check } from '../check.ts';
import { atCondition } from '../places.ts';

export const t09SessionActionsMissing: Check = {
  id: 'T09',
  severity: 'medium',
  title: 'session tags or a source identity that nobody may set',
  why: 'The condition asks for what only sts:TagSession or sts:SetSourceIdentity can put into the session: nobody can assume the role.',
  remedy: 'Allow sts:TagSession or sts:SetSourceIdentity to the same principals, in a statement of its own.',
  types: ['trust'],
  *run({ policy }) {
    const may = (action: string) => policy.statements.some((statement) => allowsAction(statement, action));
    for (const statement of policy.statements) {
      if (statement.effect !== 'Allow') continue;
      for (const [nth, { key, operator }] of statement.conditions.entries()) {
        if (operator.ifExists || operator.name === 'Null' || operator.name.includes('Not')) continue;
        const needed =
          key.startsWith('aws:requesttag/') || key === 'aws:tagkeys' || key === 'sts:transitivetagkeys'
            ? 'sts:TagSession'
            : key === 'sts:sourceidentity'
              ? 'sts:SetSourceIdentity'
              : undefined;
        if (needed && operator.quantifier !== 'ForAllValues' && !may(needed))
          yield {
            ...atCondition(statement, nth),
            detail: `${key} is asked for, and nobody is allowed ${needed}.`,
          };
      }
    }
  },
};
