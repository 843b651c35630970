import { appendFileSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { GetObjectCommand, ListBucketsCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import {
  AssumeRoleCommand,
  AssumeRoleWithWebIdentityCommand,
  GetCallerIdentityCommand,
  STSClient,
} from '@aws-sdk/client-sts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ACCOUNT_ID, REGION } from '../../demo/place.ts';
import { checkConfig } from '../../infra/check-config.ts';
import { synthesise } from '../../sandbox/template/synthesise.ts';
import { proposing } from '../support/scripted-reviewer.ts';
import { type Cloud, startCloud } from '../support/start-cloud.ts';
import { bundles } from '../support/template.ts';

const [DATA, LAB] = ['210987654321', '333344445555'];
const folder = mkdtempSync(join(tmpdir(), 'postern-two-accounts-'));

/** The bank with two accounts more, each with reports of its own, that analysts read; those of the lab alone with a person. */
function writeConfig(): void {
  cpSync('config', folder, { recursive: true });
  const file = join(folder, 'catalog.json');
  const catalog = JSON.parse(readFileSync(file, 'utf8'));
  const reports = {
    ...{ key: 'exports', kind: 's3-prefix', accounts: ['ou:workloads'] },
    arns: ['arn:${AWS::Partition}:s3:::bank-exports-${account}/daily/'],
    ...{ purpose: 'Exports of each day, one file each', sensitivity: 'internal' },
    ...{ actions: { read: ['s3:GetObject'] }, maxDurationSeconds: 1800 },
  };
  const accounts = [
    ...(catalog.accounts ?? []).filter(({ id }: { id: string }) => id !== DATA),
    { id: DATA, name: 'prod', unit: 'workloads/prod' },
    { id: LAB, name: 'lab', unit: 'workloads/lab' },
  ];
  writeFileSync(file, JSON.stringify({ ...catalog, accounts, resources: [...catalog.resources, reports] }));
  appendFileSync(
    join(folder, 'guardrails.cedar'),
    `
@id("analysts-read-exports")
permit (principal in Group::"analysts", action == Action::"s3:GetObject", resource)
when { ["prod", "lab"].contains(resource.account) };
@id("lab-never")
forbid (principal, action, resource) when { resource.unit == "workloads/lab" };
`,
  );
}

let cloud: Cloud;
/** Who did what on what, as IAM was asked. */
const observed: (string | undefined)[][] = [];
beforeAll(async () => {
  writeConfig();
  checkConfig(folder);
  cloud = await startCloud({
    ...{ configDir: folder, template: await synthesise(folder), bundles: bundles(), gatewayPort: 0 },
  });
  cloud.aws.observe(({ caller, action, resource }) =>
    observed.push([caller.sessionIssuer, action, resource]),
  );
});
afterAll(async () => {
  await cloud?.close();
  rmSync(folder, { recursive: true, force: true });
});

type Keys = { accessKeyId: string; secretAccessKey: string; sessionToken?: string };
/** Keys without what else an answer has: clients take an end for a date. */
const keysIn = ({ accessKeyId, secretAccessKey, sessionToken = '' }: Keys) => ({
  ...{ accessKeyId, secretAccessKey, sessionToken },
});
const reason = 'The exports of today are compared with the ledger.';
const options = (credentials: Keys, endpoint = cloud.urls.aws) => ({
  ...{ endpoint, region: REGION, maxAttempts: 1, credentials, forcePathStyle: true },
});
const errorOf = (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => 'works',
    (error: Error) => error.name,
  );
const bucketOf = (account: string) => `bank-exports-${account}`;
const read = (keys: Keys, account = DATA, endpoint?: string) =>
  new S3Client(options(keys, endpoint)).send(
    new GetObjectCommand({ Bucket: bucketOf(account), Key: 'daily/sample.txt' }),
  );

async function ask(key: string) {
  cloud.reviewer.says(proposing(key, ['s3:GetObject']));
  return (await cloud.as('analyst1')('POST', '/requests?wait=20', { reason })).body;
}

async function issue() {
  const { requestId } = await ask('exports@prod');
  const claimed = await cloud.as('analyst1')('POST', `/requests/${requestId}/credentials`, {});
  expect(claimed.status).toBe(200);
  return { requestId: String(requestId), keys: keysIn(claimed.body.credentials as Keys) };
}

test('the catalog has an entry for each account, and says which', async () => {
  const { body } = await cloud.as('analyst1')('GET', '/catalog');
  const resources = body.resources as { resource: string; account?: object }[];
  expect(resources.filter(({ resource }) => resource.startsWith('exports'))).toMatchObject([
    { resource: 'exports@prod', account: { id: DATA, name: 'prod', unit: 'workloads/prod' } },
  ]);
});

test('a session there is of the other account, and as narrow as it was granted', async () => {
  const { keys } = await issue();
  expect(await new STSClient(options(keys)).send(new GetCallerIdentityCommand({}))).toMatchObject({
    Account: DATA,
    Arn: expect.stringContaining(`arn:aws:sts::${DATA}:assumed-role/postern-brokered-internal/`),
  });
  const { Body } = await read(keys);
  expect(await Body?.transformToString()).toContain('Exports of each day');
  const s3 = new S3Client(options(keys));
  const tried = [
    s3.send(new GetObjectCommand({ Bucket: bucketOf(DATA), Key: 'other/sample.txt' })),
    s3.send(new PutObjectCommand({ Bucket: bucketOf(DATA), Key: 'daily/sample.txt', Body: 'x' })),
    s3.send(new GetObjectCommand({ Bucket: bucketOf(LAB), Key: 'daily/sample.txt' })),
    s3.send(new ListBucketsCommand({})),
  ];
  expect(await Promise.all(tried.map(errorOf))).toEqual(tried.map(() => 'AccessDenied'));
});

test('what a guardrail forbids of one account’s unit is not granted there', async () => {
  // The reviewer is never offered it: proposed all the same, it is no answer.
  const { status, decision } = await ask('exports@lab');
  expect([status, decision]).toMatchObject(['DENIED', { reasons: [{ code: 'review_malformed' }] }]);
});

test('roles there trust the broker’s own roles, and nobody else, an administrator of the broker’s account neither', async () => {
  const sts = new STSClient(options(cloud.clientOptions.credentials));
  const assume = (name: string, account = DATA) =>
    errorOf(
      sts.send(
        new AssumeRoleCommand({ RoleArn: `arn:aws:iam::${account}:role/${name}`, RoleSessionName: 'me' }),
      ),
    );
  expect([
    await assume('postern-brokered-internal'),
    await assume('postern-revoker'),
    await assume('postern-brokered-internal', '999999999999'),
  ]).toEqual(['AccessDenied', 'AccessDenied', 'AccessDenied']);
});

test('a session there is revoked at once, and another goes on', async () => {
  const [mine, other] = [await issue(), await issue()];
  const { status } = await cloud.as('analyst1')('POST', `/requests/${mine.requestId}/revoke`, {});
  expect(status).toBe(200);
  expect([await errorOf(read(mine.keys)), await errorOf(read(other.keys))]).toEqual([
    'AccessDenied',
    'works',
  ]);
  expect(observed).toContainEqual([
    `arn:aws:iam::${DATA}:role/postern-revoker`,
    'iam:PutRolePolicy',
    `arn:aws:iam::${DATA}:role/postern-brokered-internal`,
  ]);
});

test('what the revoking role may there ends at the brokered roles', async () => {
  const keys = cloud.aws.credentials
    .all()
    .find(({ caller }) => caller.sessionIssuer === `arn:aws:iam::${DATA}:role/postern-revoker`);
  if (!keys) throw new Error('nothing was revoked');
  const put = new PutRolePolicyCommand({
    ...{ RoleName: 'postern-revoker', PolicyName: 'more' },
    PolicyDocument: JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
    }),
  });
  const { accessKeyId, secretAccessKey, sessionToken = '' } = keys;
  const own = { accessKeyId, secretAccessKey, sessionToken };
  expect(await errorOf(new IAMClient(options(own)).send(put))).toMatch(/AccessDenied/);
  expect(await errorOf(read(own))).toBe('AccessDenied');
});

test('at the gateway the role’s ARN says the account, and calls reach a session there', async () => {
  cloud.reviewer.says(proposing('exports@prod', ['s3:GetObject']));
  const gateway = cloud.urls.gateway ?? '';
  const { tokenUrl } = cloud.access.principals.analyst1 ?? {};
  async function comeIn(account: string): Promise<Keys> {
    const opened = await cloud.as('analyst1')('POST', '/delegations', { reason, accountId: account });
    expect(opened.status).toBe(200);
    const answer = await fetch(`${gateway}/_postern/sessions`, {
      method: 'POST',
      body: JSON.stringify({ delegation: opened.body.delegation }),
    });
    return keysIn((await answer.json()) as Keys);
  }
  async function byRole(account: string): Promise<string> {
    const { token } = (await (await fetch(`${tokenUrl}?for=gateway`)).json()) as { token: string };
    const sts = new STSClient({ endpoint: gateway, region: REGION });
    const { AssumedRoleUser } = await sts.send(
      new AssumeRoleWithWebIdentityCommand({
        ...{ RoleArn: `arn:aws:iam::${account}:role/postern-gateway`, RoleSessionName: 'me' },
        WebIdentityToken: token,
      }),
    );
    return AssumedRoleUser?.Arn ?? '';
  }
  expect(await byRole(DATA)).toBe(`arn:aws:sts::${DATA}:assumed-role/postern-gateway/analyst1`);
  const [there, here] = [await comeIn(DATA), await comeIn(ACCOUNT_ID)];
  const sts = (keys: Keys) =>
    new STSClient({ ...options(keys, gateway) }).send(new GetCallerIdentityCommand({}));
  expect([(await sts(there)).Account, (await sts(here)).Account]).toEqual([DATA, ACCOUNT_ID]);
  expect(await (await read(there, DATA, gateway)).Body?.transformToString()).toContain('Exports of each day');
  // A session of another account is used for no call that means this one.
  expect(await errorOf(read(here, DATA, gateway))).toBe('AccessDenied');
});
