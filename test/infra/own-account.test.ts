import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { checkOwnAccount } from '../../infra/check-config.ts';

const made = mkdtempSync(join(tmpdir(), 'postern-own-account-'));
afterAll(() => rmSync(made, { recursive: true }));

/** A folder of configuration with a queue of this account: what was read of one is not read again. */
function configWith(account: string): string {
  const folder = mkdtempSync(join(made, 'config-'));
  cpSync('config', folder, { recursive: true });
  const file = join(folder, 'catalog.json');
  const catalog = JSON.parse(readFileSync(file, 'utf8'));
  const entry = {
    ...{ key: 'jobs', kind: 'sqs-queue', arns: [`arn:\${AWS::Partition}:sqs:eu-central-1:${account}:jobs`] },
    ...{ purpose: 'Jobs that wait', sensitivity: 'internal', actions: { write: ['sqs:SendMessage'] } },
    maxDurationSeconds: 900,
  };
  const accounts = /^\d/.test(account) ? [{ id: account, name: 'other' }] : [];
  // Without the demo's own other account, and what is in it.
  const own = catalog.resources.filter((entry: { accounts?: string[] }) => !entry.accounts);
  const resources = [...own, entry];
  writeFileSync(file, JSON.stringify({ ...catalog, accounts, resources }, null, 2));
  return folder;
}

test('the deployment’s own account is refused where it is listed as another', () => {
  const byDigits = configWith('123456789012');
  expect(() => checkOwnAccount('123456789012', byDigits)).toThrow(
    /catalog\.json: accounts: other is 123456789012, the account that this is deployed into/,
  );
  // Of another account it is right: a role there holds it.
  expect(() => checkOwnAccount('210987654321', byDigits)).not.toThrow();
  expect(() => checkOwnAccount('123456789012', configWith('${AWS::AccountId}'))).not.toThrow();
});
