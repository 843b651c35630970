import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, expect, test } from 'vitest';
import { resolveTemplate } from '../../sandbox/template/resolve-template.ts';

const MEMBER = '999999999999';
const folder = mkdtempSync(join(tmpdir(), 'postern-member-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs the command in a folder of its own, where it leaves its template. */
const run = (...args: string[]) =>
  promisify(execFile)(process.execPath, [resolve('infra/synth-member.ts'), ...args], {
    cwd: folder,
    env: { POSTERN_CONFIG_DIR: join(folder, 'config') },
  });

test('the template of a member account holds its roles, which trust the broker of another', async () => {
  cpSync('config', join(folder, 'config'), { recursive: true });
  const file = join(folder, 'config/catalog.json');
  const catalog = readFileSync(file, 'utf8').replace(
    '${AWS::AccountId}:table/bank_operational',
    `${MEMBER}:table/bank_operational`,
  );
  const parsed = JSON.parse(catalog);
  const accounts = [...parsed.accounts, { id: MEMBER, name: 'metrics' }];
  writeFileSync(file, JSON.stringify({ ...parsed, accounts }));
  const { stdout } = await run(MEMBER);
  const [, written = ''] = /^Written to (\S+)\. In account 999999999999/.exec(stdout) ?? [];
  const template = JSON.parse(readFileSync(join(folder, written), 'utf8'));
  const { roles } = resolveTemplate(template, {
    accountId: MEMBER,
    region: 'us-east-1',
    parameters: { BrokerAccount: '123456789012', BrokerRegion: 'eu-central-1' },
  });
  expect(roles.map(({ name }) => name)).toEqual(['postern-brokered-internal', 'postern-revoker']);
  expect(JSON.stringify(roles[0]?.trust)).toContain('arn:aws:iam::123456789012:role/postern-assume-role');
  const on = `arn:aws:dynamodb:eu-central-1:${MEMBER}:table/bank_operational_metrics`;
  expect(roles[0]?.boundary?.Statement).toMatchObject([
    { Effect: 'Allow', Action: ['dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:Scan'] },
    { Effect: 'Deny', NotResource: on },
  ]);
  expect(template.Rules.RightAccount.Assertions[0].Assert).toEqual({
    'Fn::Equals': [{ Ref: 'AWS::AccountId' }, MEMBER],
  });
  // An account that was never bootstrapped takes it.
  expect(Object.keys(template.Parameters)).toEqual(['BrokerAccount', 'BrokerRegion']);
});

test.each([
  [[], 'name the account: npm run synth:member -- 111122223333'],
  [
    ['111122223333'],
    'catalog.json lists no resource of account 111122223333; name it in the "accounts" of an entry',
  ],
])('for %j it says what to do, in one line', async (args, line) => {
  await expect(run(...args)).rejects.toMatchObject({ code: 1, stderr: `${line}\n` });
});
