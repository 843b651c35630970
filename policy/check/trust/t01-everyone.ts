import type { Check } from '../check.ts';
import { atElement } from '../places.ts';

export const t01Everyone: Check = {
  id: 'T01',
  severity: 'critical',
  title: 'everyone, without a condition',
  why: 'Anybody in the world with an AWS account, and for some services anybody at all, may do this.',
  remedy: 'Name the accounts or roles, or limit by aws:PrincipalOrgID.',
  types: ['resource', 'trust'],
  *run({ policy }) {
    for (const statement of policy.statements) {
      const { effect, principals, conditions } = statement;
      if (effect !== 'Allow' || !principals || conditions.length > 0) continue;
      const nth = principals.items.findIndex(({ kind }) => kind === 'everyone');
      if (nth >= 0) yield { ...atElement(statement, 'principals', nth), detail: 'It allows everyone.' };
    }
  },
};
