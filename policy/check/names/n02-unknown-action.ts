import type { Check } from '../check.ts';
import { matchedActions, partsOfAction } from '../matched-actions.ts';
import { atElement } from '../places.ts';
import { nearestName } from './nearest-name.ts';

export const n02UnknownAction: Check = {
  id: 'N02',
  severity: 'error',
  title: 'an action that its service does not have',
  why: 'The statement says nothing about the call that was meant. In a Deny that leaves it open.',
  remedy: "Take the name from AWS's Service Authorization Reference.",
  *run({ policy, around: { data } }) {
    for (const statement of policy.statements)
      for (const [nth, pattern] of statement.actions.items.entries()) {
        const parts = partsOfAction(pattern);
        const known = parts && data.serviceOf(parts.service);
        if (!parts || !known || /[*?]/.test(parts.name)) continue;
        if (matchedActions(data, pattern).length > 0) continue;
        const near = nearestName(parts.name, Object.keys(known.actions));
        const hint = near === undefined ? '' : ` Is ${parts.service}:${near} meant?`;
        yield {
          ...atElement(statement, 'actions', nth),
          detail: `${parts.service} has no action ${pattern.text.split(':')[1]}.${hint}`,
        };
      }
  },
};
