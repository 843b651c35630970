import { expect, test } from 'vitest';
import { demoPrincipals } from '../../../demo/principals.ts';
import { makeConfig } from '../../../lambdas/shared/adapters/config/load-config.ts';
import { accessPage } from '../../../sandbox/console/access-page.ts';

const config = makeConfig({ partition: 'aws', region: 'eu-central-1', accountId: '123456789012' }, 'config');
const principals = demoPrincipals('https://issuer.example', '123456789012').map(({ principal }) => principal);
const shown = async (filter = {}) => String(await accessPage(config, principals, filter));

test('principals whom the guardrails answer alike stand together, and what they never get is folded away', async () => {
  const page = await shown();
  expect(page).toContain('<h2>approver1, approver2, auditor1, suspended1</h2>');
  expect(page).toContain('<summary>Never: 8 of 8 resources</summary>');
  expect(page).toMatch(
    /<th scope="row">bank_balances \(own rows\)<\/th>\s*<td class="wait">1 approval<\/td>/,
  );
});

test('it is of one principal, or of resources of a name', async () => {
  const analyst = await shown({ principal: 'analyst1' });
  expect(analyst).toContain('<h2>analyst1</h2>');
  expect(analyst).not.toContain('<h2>employee1</h2>');
  const tables = await shown({ resource: 'Metrics' });
  expect(tables).toContain('bank_operational_metrics');
  expect(tables).not.toContain('bank_balances');
  expect(await shown({ resource: '<b>' })).toContain('The catalog has no resource of that name.');
  expect(await shown({ resource: '<b>' })).not.toContain('<b>');
});
