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
  writeFileSync(file, JSON.stringify({ ...catalog, resources: [...catalog.resources, entry] }, null, 2));
  return folder;
}

test('an entry that names the deployment’s own account by its digits is refused, with its line', () => {
  const byDigits = configWith('123456789012');
  expect(() => checkOwnAccount('123456789012', byDigits)).toThrow(
    /catalog\.json:\d+: jobs: .*write \$\{AWS::AccountId\}/,
  );
  // Of another account it is right: a role there holds it.
  expect(() => checkOwnAccount('210987654321', byDigits)).not.toThrow();
  expect(() => checkOwnAccount('123456789012', configWith('${AWS::AccountId}'))).not.toThrow();
});
