import type { Check } from '../check.ts';
import { atElement } from '../places.ts';

export const t06SamlWithoutAudience: Check = {
  id: 'T06',
  severity: 'medium',
  title: 'SAML without aud',
  why: 'An assertion that was made for another service of the same provider opens the role.',
  remedy: 'Add a condition StringEquals on SAML:aud with https://signin.aws.amazon.com/saml.',
  types: ['trust'],
  *run({ policy }) {
    for (const statement of policy.statements) {
      const { effect, principals, conditions } = statement;
      if (effect !== 'Allow' || conditions.some(({ key }) => key === 'saml:aud')) continue;
      for (const [nth, principal] of (principals?.items ?? []).entries())
        if (principal.kind === 'federated' && /:saml-provider\//.test(principal.provider))
          yield {
            ...atElement(statement, 'principals', nth),
            detail: `Nothing is asked of the audience of ${principal.provider}.`,
          };
    }
  },
};
