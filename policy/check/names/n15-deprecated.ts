import type { Check } from '../check.ts';
import { hasWildcard, matchedActions } from '../matched-actions.ts';
import { atCondition, atElement } from '../places.ts';

/** Keys that AWS says others took the place of. */
const OLD_KEYS: Readonly<Record<string, string>> = {
  'kms:customermasterkeyspec': 'kms:KeySpec',
  'kms:customermasterkeyusage': 'kms:KeyUsage',
  'aws:sourceowner': 'aws:SourceAccount',
};

export const n15Deprecated: Check = {
  id: 'N15',
  severity: 'low',
  title: 'an action or key that another took the place of',
  why: 'AWS keeps it for what is old; what is new is asked under the other name.',
  remedy: 'Take the name that AWS gives in its place.',
  *run({ policy, around: { data } }) {
    for (const statement of policy.statements) {
      for (const [nth, pattern] of statement.actions.items.entries()) {
        const [action] = hasWildcard(pattern) ? [] : matchedActions(data, pattern);
        if (action?.isDeprecated)
          yield { ...atElement(statement, 'actions', nth), detail: `AWS calls ${action.name} deprecated.` };
      }
      for (const [nth, { key }] of statement.conditions.entries()) {
        const instead = Object.hasOwn(OLD_KEYS, key) ? OLD_KEYS[key] : undefined;
        if (instead) yield { ...atCondition(statement, nth), detail: `${instead} took the place of ${key}.` };
      }
    }
  },
};
