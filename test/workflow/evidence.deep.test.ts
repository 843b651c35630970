import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { posternProgram } from '../support/postern-program.ts';
import { type PosternOfCloud, posternOf } from '../support/run-postern.ts';
import { proposing } from '../support/scripted-reviewer.ts';
import { type Cloud, startCloud } from '../support/start-cloud.ts';

let cloud: Cloud;
let postern: PosternOfCloud;
let file: string;
beforeAll(async () => {
  cloud = await startCloud();
  postern = posternOf(cloud);
  file = join(postern.home, 'evidence.jsonl');
  cloud.reviewer.says(proposing('bank_operational_metrics', ['dynamodb:Query']));
  const reason = 'The weekly report needs the operational metrics.';
  const { body } = await cloud.as('analyst1')('POST', '/requests?wait=20', { reason });
  const claimed = await cloud.as('analyst1')('POST', `/requests/${body.requestId}/credentials`, {});
  expect(claimed.status).toBe(200);
  cloud.reviewer.says(proposing('policy_table', ['dynamodb:GetItem']));
  const refused = await cloud.as('employee1')('POST', '/requests?wait=20', { reason });
  expect(refused.body.status).toBe('DENIED');
  await cloud.invoke('postern-sign-heads', { 'detail-type': 'Scheduled Event' });
});
afterAll(async () => {
  postern?.close();
  await cloud?.close();
});

const DAY_MS = 86_400_000;
const day = (days: number): string => new Date(Date.now() + days * DAY_MS).toISOString().slice(0, 10);

/** As an auditor runs it, with the role that reads the log. */
function asAuditor(args: readonly string[]) {
  const { archiveUrl, region, credentials } = cloud.access.audit;
  return postern.other(process.execPath, [posternProgram(), 'evidence', ...args], {
    PATH: process.env.PATH,
    HOME: postern.home,
    POSTERN_ARCHIVE_URL: archiveUrl,
    AWS_ENDPOINT_URL: cloud.urls.aws,
    AWS_REGION: region,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_SESSION_TOKEN: credentials.sessionToken,
  });
}
/** As on another machine: no broker, no AWS, nothing but the file. */
const elsewhere = (args: readonly string[]) =>
  postern.other(process.execPath, [posternProgram(), 'evidence', 'verify', ...args], {
    PATH: process.env.PATH,
    HOME: join(postern.home, 'elsewhere'),
  });

test('evidence of a day is made by the auditors’ role, and its gap named', async () => {
  const made = await asAuditor([
    '--from',
    day(-1),
    '--to',
    day(1),
    '--seed',
    'of-the-auditor',
    '--out',
    file,
  ]);
  expect([made.code, made.err]).toEqual([3, expect.stringContaining('gap: nothing is signed after')]);
  expect(made.err).toContain('gap: the log begins at');
  expect(made.out).toMatch(/grants +1, of which 1 sampled/);
  expect(made.out).toMatch(/denials +1, of which 1 sampled/);
  const again = await asAuditor(['--from', day(-1), '--to', day(1), '--out', file]);
  expect([again.code, again.err]).toEqual([2, expect.stringContaining('EEXIST')]);
});

test('it verifies on another machine, by the deployment’s key and the digest that was told', async () => {
  const key = (await asAuditor(['key'])).out.trim();
  expect(key).toMatch(/^sha256:[0-9a-f]{64}$/);
  const found = await elsewhere([file, '--key', key, '--samples']);
  expect([found.code, found.out]).toEqual([
    3,
    expect.stringContaining('genuine: nothing was removed, added or altered'),
  ]);
  expect(found.out).toContain('analyst1 asked: “The weekly report needs the operational metrics.”');
  const other = await elsewhere([file, '--key', `sha256:${'0'.repeat(64)}`]);
  expect([other.code, other.err]).toEqual([
    1,
    expect.stringContaining('which is not the key that was named'),
  ]);
});

test('one byte changed, and it fails there', async () => {
  const bytes = await readFile(file);
  const place = bytes.indexOf('The weekly report');
  bytes[place] = (bytes[place] ?? 0) ^ 1;
  await writeFile(`${file}-changed`, bytes);
  const found = await elsewhere([`${file}-changed`]);
  expect([found.code, found.out]).toEqual([1, '']);
  expect(found.err).toContain('it was changed, or cut');
});

test('what is no period, or no file, is told in a line', async () => {
  for (const args of [
    ['--from', day(1), '--to', day(0), '--out', `${file}-none`],
    ['--from', day(0)],
  ])
    expect((await asAuditor(args)).code).toBe(2);
  expect((await asAuditor(['--from', '2026-02-31', '--to', day(0), '--out', file])).err).toContain(
    'a day as 2026-10-01',
  );
  const gone = await elsewhere([`${file}-gone`]);
  expect([gone.code, gone.err]).toEqual([2, expect.stringMatching(/^postern evidence: ENOENT/)]);
});
