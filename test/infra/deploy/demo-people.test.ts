import { expect, test } from 'vitest';
import { demoPeople } from '../../../infra/deploy/demo-people.ts';
import { isMadeFor } from '../../../lambdas/shared/domain/identity/subject-issuers.ts';
import { principalSchema } from '../../../lambdas/shared/domain/principal.ts';

const pool = {
  issuer: 'https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_Ab1',
  poolId: 'eu-central-1_AbCd',
  clientId: 'app-of-the-bank',
  subjects: new Map(),
};
const people = demoPeople({ account: '123456789012', region: 'eu-central-1' }, pool, ['approver1=U0123ABCD']);
const personOf = (id: string) => people.find(({ principal }) => principal.id === id)?.principal;

test('the support agent takes both kinds of token that its Cognito pool gives, of that app alone', () => {
  const [pooled] = personOf('customer_support_agent')?.subjectIssuers ?? [];
  if (!pooled) throw new Error('it has no issuer');
  expect(pooled.issuer).toBe('https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_AbCd');
  expect(isMadeFor({ aud: 'app-of-the-bank', token_use: 'id' }, pooled)).toBe(true);
  expect(isMadeFor({ client_id: 'app-of-the-bank', token_use: 'access' }, pooled)).toBe(true);
  expect(isMadeFor({ client_id: 'another-app', token_use: 'access' }, pooled)).toBe(false);
  expect(isMadeFor({ aud: 'another-app', token_use: 'id' }, pooled)).toBe(false);
});

test('everybody of the demo is a principal as they are registered, in Slack who the operator says', () => {
  for (const { principal } of people) expect(principalSchema.safeParse(principal).error).toBeUndefined();
  expect([personOf('approver1')?.slackUserId, personOf('approver2')?.slackUserId]).toEqual([
    'U0123ABCD',
    undefined,
  ]);
});
