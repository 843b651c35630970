import type { Check } from '../check.ts';
import { atElement } from '../places.ts';
import { oidcProviderOf } from './oidc-provider.ts';

export const t04OidcWithoutAudienceAndSubject: Check = {
  id: 'T04',
  severity: 'high',
  title: 'an OIDC provider without aud and sub',
  why: 'Every token of the provider opens the role: those of its other customers too.',
  remedy: 'Add conditions StringEquals on <provider>:aud and <provider>:sub.',
  types: ['trust'],
  *run({ policy }) {
    for (const statement of policy.statements) {
      const { effect, principals, conditions } = statement;
      if (effect !== 'Allow' || !principals) continue;
      for (const [nth, principal] of principals.items.entries()) {
        const provider = oidcProviderOf(principal);
        if (provider === undefined) continue;
        const ends = (key: string) =>
          conditions.some((entry) => entry.key === `${provider}:${key}` && !entry.operator.ifExists);
        // Cognito's identity pools mark who signed in with amr, and other stores of identity have one audience alone.
        const subject = ['sub', 'amr', 'oaud', 'oid', 'email', 'hd', 'user_id', 'app_id', 'id'].some(ends);
        const missing = [...(ends('aud') || ends('app_id') ? [] : ['aud']), ...(subject ? [] : ['sub'])];
        if (missing.length > 0)
          yield {
            ...atElement(statement, 'principals', nth),
            detail: `Nothing is asked of ${missing.join(' and ')} in the tokens of ${provider}.`,
          };
      }
    }
  },
};
