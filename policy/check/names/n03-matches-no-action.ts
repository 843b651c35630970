import type { Check } from '../check.ts';
import { removeItem } from '../edit-document.ts';
import { matchedActions, partsOfAction } from '../matched-actions.ts';
import { atElement } from '../places.ts';

export const n03MatchesNoAction: Check = {
  id: 'N03',
  severity: 'medium',
  title: 'a wildcard that matches no action',
  why: 'It says nothing today, and may mean an action that AWS adds tomorrow.',
  remedy: 'Remove it, or correct it.',
  *run({ policy, around: { data } }) {
    for (const statement of policy.statements)
      for (const [nth, pattern] of statement.actions.items.entries()) {
        const parts = partsOfAction(pattern);
        if (!parts || !/[*?]/.test(parts.name) || !data.services.has(parts.service)) continue;
        if (matchedActions(data, pattern).length > 0) continue;
        yield {
          ...atElement(statement, 'actions', nth),
          detail: `${pattern.text} matches no action of ${parts.service}.`,
          ...(!statement.actions.negated && {
            fix: (document) => removeItem(document, statement.index, 'Action', nth),
          }),
        };
      }
  },
};
