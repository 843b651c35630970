import type { Check } from '../check.ts';
import { atCondition } from '../places.ts';

/** What begins every subject of a provider, and ends before anybody's own name. */
const COMMON = /^(?:repo:|project_path:|organization:|system:serviceaccount:|workspace:)?[*?]/;

/** Whether a pattern's first wildcard comes before the name of whoever owns the token. */
const isOpen = (key: string, text: string): boolean =>
  COMMON.test(text) || (/^token\.actions\.githubusercontent\.com:/.test(key) && /^repo:[^/]*[*?]/.test(text));

export const t05OpenSubject: Check = {
  id: 'T05',
  severity: 'high',
  title: 'a subject that anybody can have',
  why: 'A star at the beginning, or for the organisation, is met by the tokens of repositories and projects that others own.',
  remedy: 'Write the whole subject: organisation, repository and branch or environment.',
  types: ['trust'],
  *run({ policy }) {
    for (const statement of policy.statements) {
      if (statement.effect !== 'Allow') continue;
      for (const [nth, { key, operator, values }] of statement.conditions.entries()) {
        if (!/:sub$/.test(key) || !/^StringLike/.test(operator.name)) continue;
        const open = values.find(({ text }) => isOpen(key, text));
        if (open)
          yield { ...atCondition(statement, nth), detail: `${open.text} is met by tokens of others.` };
      }
    }
  },
};
