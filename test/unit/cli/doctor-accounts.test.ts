import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { checkDrift } from '../../../clients/cli/check-drift.ts';
import { listenLocally } from '../../../sandbox/listen-locally.ts';
import { posternProgram } from '../../support/postern-program.ts';

const [HOME, DATA] = ['123456789012', '444455556666'];
const folder = mkdtempSync(join(tmpdir(), 'postern-drift-'));

/** What was assumed. No account has a role, and one lets nobody in. */
const assumed: (string | null)[] = [];
let server: Awaited<ReturnType<typeof listenLocally>>;
beforeAll(async () => {
  cpSync('config', folder, { recursive: true });
  const file = join(folder, 'catalog.json');
  const { version, resources } = JSON.parse(readFileSync(file, 'utf8'));
  const orders = {
    ...{ key: 'orders', kind: 'dynamodb-table', purpose: 'Orders of the shop', sensitivity: 'internal' },
    ...{ accounts: [DATA, '777788889999'], actions: { read: ['dynamodb:GetItem'] }, maxDurationSeconds: 900 },
    arns: ['arn:aws:dynamodb:eu-central-1:${account}:table/orders'],
  };
  const own = resources.filter(({ accounts }: { accounts?: string[] }) => !accounts);
  const accounts = [
    { id: DATA, name: 'data', deployRole: 'PosternDeploy' },
    { id: '777788889999', name: 'lab' },
  ];
  writeFileSync(file, JSON.stringify({ version, accounts, resources: [...own, orders] }));

  server = await listenLocally(0, async (request) => {
    const form = new URLSearchParams(await request.text());
    const action = form.get('Action') ?? '';
    const failed = (code: string, status: number) =>
      new Response(
        `<ErrorResponse><Error><Code>${code}</Code><Message>no</Message></Error></ErrorResponse>`,
        {
          status,
        },
      );
    if (action === 'GetCallerIdentity')
      return new Response(
        `<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:sts::${HOME}:assumed-role/auditor/me</Arn><Account>${HOME}</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`,
      );
    if (action === 'AssumeRole') {
      assumed.push(form.get('RoleArn'));
      return failed('AccessDenied', 403);
    }
    return failed('NoSuchEntity', 404);
  });
  vi.stubEnv('AWS_ENDPOINT_URL', server.url);
  vi.stubEnv('AWS_REGION', 'eu-central-1');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIATEST');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test');
  vi.stubEnv('AWS_MAX_ATTEMPTS', '1');
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await server.close();
  rmSync(folder, { recursive: true });
});

test('each account is said: roles that are not there, one that nobody may look at, and one without a role to look with', async () => {
  const findings = await checkDrift({ config: folder });
  expect(assumed).toEqual([`arn:aws:iam::${DATA}:role/PosternDeploy`]);
  expect(findings.map(({ verdict, what }) => [verdict, what.slice(0, 80)])).toEqual([
    ['wrong', expect.stringContaining(`account broker (${HOME}): postern-brokered-internal is not`)],
    ['unknown', expect.stringContaining(`account data (${DATA}): it cannot be looked at`)],
    ['unknown', expect.stringContaining('account lab (777788889999): it cannot be looked at')],
  ]);
  expect(findings[1]?.what).toContain('AccessDenied');
  expect(findings.every(({ advice }) => advice !== undefined)).toBe(true);
});

test('with the keys of another account the broker’s is not taken for theirs', async () => {
  const [broker] = await checkDrift({ config: folder, broker: '111122223333', role: 'Reader' });
  expect(broker?.what).toContain(
    'account broker (111122223333): it cannot be looked at (Error: the keys are of another',
  );
  expect(assumed.slice(-2)).toEqual([
    `arn:aws:iam::${DATA}:role/Reader`,
    'arn:aws:iam::777788889999:role/Reader',
  ]);
});

test('the command ends with 1 where an account could not be looked at', async () => {
  const words = ['doctor', '--accounts', '--config', folder, '--json'];
  const ended = promisify(execFile)(process.execPath, [posternProgram(), ...words]);
  const { code, stdout } = await ended.then(
    (printed) => ({ ...printed, code: 0 }),
    (error: { code: number; stdout: string }) => error,
  );
  expect(code).toBe(1);
  const { findings, byHand } = JSON.parse(stdout);
  expect([findings.length, byHand]).toEqual([3, []]);
});
