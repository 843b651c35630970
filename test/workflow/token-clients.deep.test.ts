import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { posternCredentials, tokenIdentity, tokenInFile } from '../../clients/sdk/postern.ts';
import { REGION } from '../../demo/place.ts';
import { posternProgram } from '../support/postern-program.ts';
import { type PosternOfCloud, posternOf } from '../support/run-postern.ts';
import { proposing } from '../support/scripted-reviewer.ts';
import { type Cloud, startCloud } from '../support/start-cloud.ts';

const REASON = 'The customer asks for the balance of their account.';

let cloud: Cloud;
let postern: PosternOfCloud;
let tokenFile: string;
beforeAll(async () => {
  cloud = await startCloud();
  postern = posternOf(cloud);
  tokenFile = join(postern.home, 'token');
});
afterAll(async () => {
  postern.close();
  await cloud.close();
});
beforeEach(async () => {
  cloud.reviewer.says(proposing('bank_balances', ['dynamodb:GetItem']));
  await writeToken('customer_support_agent', '?subject=c-1042');
});

async function writeToken(id: string, query = ''): Promise<void> {
  const { tokenUrl } = cloud.access.principals[id] ?? {};
  const { token } = (await (await fetch(`${tokenUrl}${query}`)).json()) as { token: string };
  writeFileSync(tokenFile, `${token}\n`, { mode: 0o600 });
}

/** An agent's environment: the region, one token file, and where the broker is; nothing else of AWS. */
const environment = () => ({
  PATH: process.env.PATH,
  HOME: postern.home,
  AWS_REGION: REGION,
  AWS_ENDPOINT_URL: cloud.urls.aws,
  POSTERN_API: cloud.urls.oidcApi,
  POSTERN_WEB_IDENTITY_TOKEN_FILE: tokenFile,
});
const run = (args: readonly string[], env: NodeJS.ProcessEnv = {}) =>
  postern.other(process.execPath, [posternProgram(), ...args], { ...environment(), ...env });

test('an agent with one token file reads its customer’s row through exec, and hands the token on to nobody', async () => {
  const script = join(process.cwd(), 'test', 'support', 'read-balance.mjs');
  const read = (customer: string) => run(['exec', '-r', REASON, '--', process.execPath, script, customer]);
  const own = await read('c-1042');
  expect([own.code, own.err]).toEqual([0, expect.any(String)]);
  expect(JSON.parse(own.out)).toEqual({ balance: '1250.4' });
  const other = await read('c-2077');
  expect(other.code).not.toBe(0);
  expect(other.err).toContain('not authorized');
});

test('the TypeScript client does, and renews itself with a fresh token', async () => {
  const identity = tokenIdentity(tokenInFile(tokenFile), { region: async () => REGION });
  const credentials = posternCredentials({ reason: REASON, endpoint: cloud.urls.oidcApi, identity });
  const client = new DynamoDBClient({ endpoint: cloud.urls.aws, region: REGION, credentials });
  const row = (user: string) =>
    client.send(new GetItemCommand({ TableName: 'bank_balances', Key: { user_id: { S: user } } }));
  expect((await row('c-1042')).Item?.balance).toEqual({ N: '1250.4' });
  await expect(row('c-2077')).rejects.toThrow(/not authorized/);
  client.destroy();
});

test('whoami, doctor and credential-process go by the token', async () => {
  const who = await run(['whoami', '--json']);
  expect(JSON.parse(who.out)).toMatchObject({
    principal: 'customer_support_agent',
    actor: 'customer_support_agent',
    subject: 'c-1042',
    issuer: `${cloud.urls.console}/issuer`,
  });
  const printed = await run(['credential-process', '-r', REASON]);
  expect(JSON.parse(printed.out)).toMatchObject({ Version: 1, SessionToken: expect.any(String) });
  const checked = await run(['doctor', '--json']);
  const { findings } = JSON.parse(checked.out) as {
    findings: { check: string; verdict: string; what: string }[];
  };
  expect(findings.find(({ check }) => check === 'credentials')).toMatchObject({ verdict: 'ok' });
  expect(findings.find(({ check }) => check === 'principal')).toMatchObject({ verdict: 'ok' });
});

test('a profile that is named is asked for, whatever tokens there are', async () => {
  const { AWS_SHARED_CREDENTIALS_FILE = '' } = process.env;
  const who = await run(['--profile', 'analyst1', 'whoami', '--json'], {
    AWS_SHARED_CREDENTIALS_FILE,
    POSTERN_API: cloud.urls.api,
  });
  expect(JSON.parse(who.out)).toMatchObject({ principal: 'analyst1', accessKeyId: expect.any(String) });
});

test.each<[string, NodeJS.ProcessEnv | (() => NodeJS.ProcessEnv), RegExp]>([
  ['is not there', { POSTERN_WEB_IDENTITY_TOKEN_FILE: '/nowhere/token' }, /cannot be read/],
  ['is for the door of signed calls', () => ({ POSTERN_API: cloud.urls.api }), /signature|SigV4/i],
])('a token that %s makes nobody of anybody', async (_, env, said) => {
  const key = cloud.access.principals.analyst1;
  const keys = { AWS_ACCESS_KEY_ID: key?.accessKeyId, AWS_SECRET_ACCESS_KEY: key?.secretAccessKey };
  const ran = await run(['whoami'], { ...keys, ...(typeof env === 'function' ? env() : env) });
  expect(ran.code).not.toBe(0);
  expect(ran.err).toMatch(said);
});
