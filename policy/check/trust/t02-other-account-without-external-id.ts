import type { Check } from '../check.ts';
import { atElement } from '../places.ts';
import { accountOf } from './account-of.ts';

/** Keys that tie a role to one customer, or to one's own organisation. */
const LIMITS: ReadonlySet<string> = new Set([
  'sts:externalid',
  'aws:principalorgid',
  'aws:principalorgpaths',
  'aws:sourceidentity',
  'sts:sourceidentity',
]);

export const t02OtherAccountWithoutExternalId: Check = {
  id: 'T02',
  severity: 'high',
  title: 'another account, without ExternalId',
  why: 'Who serves many customers from one account can be talked into using your role for another customer.',
  remedy:
    'Add a condition StringEquals on sts:ExternalId that the other account made up for you; or limit to your organisation.',
  types: ['trust'],
  *run({ policy, around: { account } }) {
    for (const statement of policy.statements) {
      const { effect, principals, conditions } = statement;
      if (effect !== 'Allow' || !principals) continue;
      if (conditions.some(({ key }) => LIMITS.has(key))) continue;
      for (const [nth, principal] of principals.items.entries()) {
        const other = accountOf(principal);
        if (other === undefined || other === account) continue;
        yield {
          ...atElement(statement, 'principals', nth),
          // Which account is one's own was not said: it may be this one.
          ...(account === undefined && { severity: 'low' as const }),
          detail:
            account === undefined
              ? `Account ${other} may assume the role without an ExternalId, if it is not your own.`
              : `Account ${other} may assume the role without an ExternalId.`,
        };
      }
    }
  },
};
