import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { REGION } from '../../demo/place.ts';
import { TABLE_NAMES } from '../../infra/names.ts';
import { addPeople } from '../../lambdas/shared/adapters/tables/add-people.ts';
import type { SignInEntry } from '../../lambdas/shared/domain/identity/sign-in/sign-in-entry.ts';
import { proposing } from '../support/scripted-reviewer.ts';
import { type Cloud, startCloud } from '../support/start-cloud.ts';
import { startIssuer } from '../support/start-issuer.ts';
import { makeProofKey } from '../support/token-caller.ts';

const BALANCE = 'The customer asks for the balance of their account.';
const METRICS = 'The weekly report needs the operational metrics.';

let cloud: Cloud;
let github: Awaited<ReturnType<typeof startIssuer>>;
let cluster: typeof github;
let configDir: string;
beforeAll(async () => {
  [github, cluster] = await Promise.all([startIssuer(), startIssuer()]);
  configDir = mkdtempSync(join(tmpdir(), 'postern-issuers-'));
  cpSync('config', configDir, { recursive: true });
  const issuers = [
    { name: 'github', issuer: github.url, signIn: { audiences: ['postern'] }, claims: ['repository', 'ref'] },
    { name: 'cluster', issuer: cluster.url, signIn: { audiences: ['postern'] } },
  ];
  writeFileSync(join(configDir, 'issuers.json'), JSON.stringify({ version: 1, issuers }));
  cloud = await startCloud({ configDir });
  await addPeople({ client: cloud.database, tableNames: TABLE_NAMES }, [
    person('release_agent', {
      issuer: github.url,
      claims: { repository: 'bank/releases', ref: 'refs/heads/main' },
    }),
    person('cluster_agent', { issuer: cluster.url, subject: 'system:serviceaccount:reports:agent' }),
  ]);
});
afterAll(async () => {
  await Promise.all([cloud.close(), github.close(), cluster.close()]);
  rmSync(configDir, { recursive: true });
});

const person = (id: string, signIn: SignInEntry) => ({
  principal: {
    id,
    type: 'agent' as const,
    status: 'active' as const,
    groups: ['analysts'],
    awsPrincipals: [],
    signIn: [signIn],
    persons: ['ana'],
    subjectIssuers: [],
    subjectRequired: false,
    version: 1,
  },
  policy: 'May read operational metrics.',
});

/** Calls with a token as it is. */
async function send(token: string, path: string, body?: unknown) {
  const response = await fetch(`${cloud.urls.oidcApi}${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { authorization: `Bearer ${token}` },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

test('an agent acts for a customer by one token, and reads that customer’s row with what it claims', async () => {
  cloud.reviewer.says(proposing('bank_balances', ['dynamodb:GetItem']));
  const agent = cloud.withToken('customer_support_agent', { subject: 'c-1042' });
  const asked = await agent('POST', '/requests?wait=20', { reason: BALANCE });
  expect(asked.body.status).toBe('READY');
  const own = `/requests/${asked.body.requestId}`;
  const other = cloud.withToken('customer_support_agent', { subject: 'c-2077' });
  expect((await other('GET', own)).body.code).toBe('request_not_found');
  expect((await other('POST', `${own}/credentials`, {})).body.code).toBe('request_not_found');
  expect((await cloud.withToken('customer_support_agent')('GET', own)).body.code).toBe(
    'subject_token_invalid',
  );
  const { body } = await agent('POST', `${own}/credentials`, {});
  const credentials = body.credentials as {
    accessKeyId: string;
    secretAccessKey: string;
    sessionToken: string;
  };
  const { accessKeyId, secretAccessKey, sessionToken } = credentials;
  const client = new DynamoDBClient({
    endpoint: cloud.urls.aws,
    region: REGION,
    credentials: { accessKeyId, secretAccessKey, sessionToken },
  });
  const row = (user: string) =>
    client.send(new GetItemCommand({ TableName: 'bank_balances', Key: { user_id: { S: user } } }));
  expect((await row('c-1042')).Item?.balance).toEqual({ N: '1250.4' });
  await expect(row('c-2077')).rejects.toThrow(/not authorized/);
  client.destroy();
});

test('a job of GitHub and a pod of Kubernetes each are their own principal, and no other', async () => {
  cloud.reviewer.says(proposing('bank_operational_metrics', ['dynamodb:Query']));
  const job = {
    sub: 'repo:bank/releases:ref:refs/heads/main',
    repository: 'bank/releases',
    ref: 'refs/heads/main',
  };
  const pod = {
    sub: 'system:serviceaccount:reports:agent',
    'kubernetes.io': { namespace: 'reports', serviceaccount: { name: 'agent' } },
  };
  const who = async (token: string) => {
    const { status, body } = await send(token, '/catalog');
    return status === 200 ? body.principal : body.code;
  };
  expect(await who(await github.sign({ ...job, aud: 'postern' }))).toBe('release_agent');
  expect(await who(await cluster.sign({ ...pod, aud: ['postern'] }))).toBe('cluster_agent');
  expect(await who(await github.sign({ ...job, aud: 'postern', ref: 'refs/heads/x' }))).toBe(
    'principal_unknown',
  );
  expect(await who(await github.sign({ ...job, aud: 'postern', repository: 'evil/releases' }))).toBe(
    'principal_unknown',
  );
  expect(await who(await github.sign({ ...pod, aud: 'postern' }))).toBe('principal_unknown');
  expect(await who(await cluster.sign({ ...job, aud: 'postern' }))).toBe('principal_unknown');
  expect(await who(await github.sign({ ...job, aud: 'sts.amazonaws.com' }))).toBe('token_refused');
  expect(await who(await cluster.sign({ ...pod, aud: 'postern', iss: github.url }))).toBe('token_refused');
  const asked = await send(await github.sign({ ...job, aud: 'postern' }), '/credentials?wait=20', {
    reason: METRICS,
  });
  expect([asked.status, Object.keys(asked.body)]).toEqual([200, ['credentials', 'assumedRoleArn']]);
});

test('tokens for the gateway, and of end users, sign nobody in here', async () => {
  const { tokenUrl } = cloud.access.principals.analyst1 ?? {};
  const { token } = (await (await fetch(`${tokenUrl}?for=gateway`)).json()) as { token: string };
  expect((await send(token, '/requests')).body.code).toBe('token_refused');
  expect((await send(await cloud.subjectToken('c-1042'), '/requests')).body.code).toBe('token_refused');
});

test('a token that is bound to a key is worth nothing without it', async () => {
  const key = await makeProofKey();
  expect((await cloud.withToken('analyst1', { key })('GET', '/catalog')).status).toBe(200);
  const { tokenUrl } = cloud.access.principals.analyst1 ?? {};
  const { token } = (await (await fetch(`${tokenUrl}?jkt=${key.thumbprint}`)).json()) as { token: string };
  expect((await send(token, '/catalog')).body.code).toBe('token_refused');
});

test('a suspended principal asks and is denied, as with a signature', async () => {
  const asked = await cloud.withToken('suspended1')('POST', '/requests?wait=20', { reason: METRICS });
  expect(asked.body).toMatchObject({ status: 'DENIED' });
});
