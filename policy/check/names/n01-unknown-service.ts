import type { Check } from '../check.ts';
import { partsOfAction } from '../matched-actions.ts';
import { atElement } from '../places.ts';

export const n01UnknownService: Check = {
  id: 'N01',
  severity: 'error',
  title: 'a service that AWS does not have',
  why: 'The statement says nothing about any call: what was meant is neither allowed nor denied.',
  remedy: "Take the prefix from AWS's Service Authorization Reference.",
  *run({ policy, around: { data } }) {
    for (const statement of policy.statements)
      for (const [nth, pattern] of statement.actions.items.entries()) {
        const parts = partsOfAction(pattern);
        if (!parts || data.services.has(parts.service)) continue;
        yield {
          ...atElement(statement, 'actions', nth),
          detail: `AWS has no service with the prefix ${parts.service}.`,
        };
      }
  },
};
