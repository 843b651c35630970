import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Cloud, startCloud } from '../support/start-cloud.ts';
import { bundles, template } from '../support/template.ts';

const TAKEN = [{ issuer: 'https://login.bank.example', audiences: ['support'] }];

let cloud: Cloud;
beforeAll(async () => {
  const changed = structuredClone(template());
  const frontDoor = Object.values(changed.Resources).find(
    ({ Properties }) => Properties?.FunctionName === 'postern-front-door',
  );
  const environment = frontDoor?.Properties?.Environment as { Variables: Record<string, string> };
  environment.Variables.SUBJECT_ISSUERS = JSON.stringify(TAKEN);
  cloud = await startCloud({ template: changed, bundles: bundles() });
});
afterAll(() => cloud.close());

test('a token of an issuer that the agent lists, and the deployment does not, proves nothing', async () => {
  const subjectToken = await cloud.subjectToken('c-1042');
  const reason = 'The customer asks for the balance of their account.';
  const { status, body } = await cloud.as('customer_support_agent')('POST', '/requests', {
    reason,
    subjectToken,
  });
  expect([status, body.code]).toEqual([401, 'subject_token_invalid']);
  expect(body.detail).toContain('issuer');
});
