import type { Check } from '../check.ts';
import { atElement } from '../places.ts';
import { literalParts } from './literal-parts.ts';
import { n11AccountIdForm } from './n11-account-id-form.ts';

const { id, severity, title, why, remedy } = n11AccountIdForm;

/** Owners of resources that are AWS's own. */
const ALIASES = /^(?:aws|aws-managed|amazon|cloudfront|)$/;

export const n11AccountId: Check = {
  ...{ id, severity, title, why, remedy },
  *run({ policy }) {
    for (const statement of policy.statements)
      for (const [nth, pattern] of (statement.resources?.items ?? []).entries()) {
        const account = literalParts(pattern)?.[4] ?? '';
        if (/[*?]/.test(account) || ALIASES.test(account) || /^\d{12}$/.test(account)) continue;
        yield {
          ...atElement(statement, 'resources', nth),
          detail: `${account} is no account id of twelve digits.`,
        };
      }
  },
};
