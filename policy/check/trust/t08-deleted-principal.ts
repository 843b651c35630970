import type { Check } from '../check.ts';
import { atElement } from '../places.ts';

export const t08DeletedPrincipal: Check = {
  id: 'T08',
  severity: 'medium',
  title: 'a principal that was deleted',
  why: 'AWS keeps the unique id of the user or role that it was; one of the same name that is made again is another.',
  remedy: 'Remove it, or name the one that there is now.',
  types: ['resource', 'trust'],
  *run({ policy }) {
    for (const statement of policy.statements)
      for (const [nth, principal] of (statement.principals?.items ?? []).entries())
        if (principal.kind === 'deleted')
          yield { ...atElement(statement, 'principals', nth), detail: `${principal.id} is nobody any more.` };
  },
};
