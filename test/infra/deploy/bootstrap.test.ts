import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Endpoint, startEndpoint } from '../../sandbox/aws/start-endpoint.ts';

/** A Cognito that holds one pool, once it is made; a user's `sub` is not their name. */
const cognito = (() => {
  const pools: unknown[] = [];
  const apps: unknown[] = [];
  const users = new Set<string>();
  const answerTo = (operation: string, input: Record<string, string>): object => {
    const sub = { Name: 'sub', Value: `sub-of-${input.Username}` };
    switch (operation) {
      case 'ListUserPools':
        return { UserPools: pools };
      case 'CreateUserPool':
        pools.push({ Id: 'eu-central-1_Ab1', Name: input.PoolName });
        return { UserPool: pools[0] };
      case 'ListUserPoolClients':
        return { UserPoolClients: apps };
      case 'CreateUserPoolClient':
        apps.push({ ClientId: 'app-1', ClientName: input.ClientName });
        return { UserPoolClient: apps[0] };
      case 'AdminCreateUser':
        if (users.has(input.Username ?? '')) return { __type: 'UsernameExistsException' };
        users.add(input.Username ?? '');
        return { User: { Attributes: [sub] } };
      case 'AdminGetUser':
        return { UserAttributes: [sub] };
      default:
        return { __type: 'InvalidAction' };
    }
  };
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      const operation = String(request.headers['x-amz-target']).replace(/^.*\./, '');
      const answer = answerTo(operation, JSON.parse(body));
      const status = '__type' in answer ? 400 : 200;
      response
        .writeHead(status, { 'content-type': 'application/x-amz-json-1.1' })
        .end(JSON.stringify(answer));
    });
  });
  return { pools, users, server };
})();

let endpoint: Endpoint;
let tables: DynamoDBDocumentClient;
const folder = mkdtempSync(join(tmpdir(), 'postern-bootstrap-'));
beforeAll(async () => {
  endpoint = await startEndpoint();
  tables = DynamoDBDocumentClient.from(new DynamoDBClient(endpoint.admin));
  await new Promise<void>((done) => cognito.server.listen(0, '127.0.0.1', done));
});
afterAll(async () => {
  tables.destroy();
  cognito.server.close();
  await endpoint.aws.close();
  rmSync(folder, { recursive: true });
});

/** Runs the command as an operator does, with AWS at the sandbox's addresses. */
const bootstrap = (...args: string[]) =>
  promisify(execFile)(process.execPath, ['infra/deploy/bootstrap.ts', ...args], {
    env: {
      AWS_ENDPOINT_URL: endpoint.aws.url,
      AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER: `http://127.0.0.1:${(cognito.server.address() as AddressInfo).port}`,
      AWS_REGION: 'eu-central-1',
      AWS_ACCESS_KEY_ID: endpoint.admin.credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: endpoint.admin.credentials.secretAccessKey,
    },
  });
const read = async (TableName: string, Key: Record<string, string>) =>
  (await tables.send(new GetCommand({ TableName, Key }))).Item;

test('the demo bank: its pool, its rows by the ids of its customers, its principals by their roles', async () => {
  const { stdout } = await bootstrap('--demo', '--slack', 'approver1=U0123ABCD');
  expect(stdout).toContain('arn:aws:cognito-idp:eu-central-1:123456789012:userpool/eu-central-1_Ab1');
  expect(await read('bank_customer_profiles', { user_id: 'sub-of-c-1042' })).toMatchObject({
    name: 'Mira Aldous',
  });
  expect(await read('users_table', { id: 'approver1' })).toMatchObject({
    awsPrincipals: ['arn:aws:iam::123456789012:role/postern-demo-approver1'],
    slackUserId: 'U0123ABCD',
  });
  const agent = await read('users_table', { id: 'customer_support_agent' });
  expect(agent?.slackUserId).toBeUndefined();
  expect(agent?.subjectIssuers).toEqual([
    {
      issuer: 'https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_Ab1',
      audiences: ['app-1'],
      clients: ['app-1'],
    },
  ]);
  const lookup = { arn: 'arn:aws:iam::123456789012:role/postern-demo-customer-support-agent' };
  expect(await read('postern_aws_principals', lookup)).toMatchObject({
    principalId: 'customer_support_agent',
  });
});

test('run again, it makes nothing twice', async () => {
  await bootstrap('--demo');
  const before = await tables.send(new ScanCommand({ TableName: 'bank_transactions' }));
  await bootstrap('--demo');
  const after = await tables.send(new ScanCommand({ TableName: 'bank_transactions' }));
  expect(after.Count).toBe(before.Count);
  expect([cognito.pools.length, cognito.users.size]).toEqual([1, 3]);
});

test("an organisation's first principals come from a file", async () => {
  const file = join(folder, 'principals.json');
  const principal = {
    id: 'ann',
    type: 'human',
    status: 'active',
    groups: ['approvers'],
    awsPrincipals: ['arn:aws:iam::123456789012:role/ann'],
    persons: ['ann'],
  };
  writeFileSync(file, JSON.stringify([{ principal, policy: 'Approves; asks for nothing.' }]));
  const { stdout } = await bootstrap(resolve(file));
  expect(stdout).toBe('Principals in users_table, with their policies in policy_table: 1.\n');
  expect(await read('users_table', { id: 'ann' })).toMatchObject({ ...principal, version: 1 });
  expect(await read('policy_table', { principalId: 'ann' })).toMatchObject({ version: 1 });

  // A principal that is there changes by an approved change, and never by the file: not even who it is in Slack.
  const other = { ...principal, groups: ['admins'], slackUserId: 'U0OTHER' };
  writeFileSync(file, JSON.stringify([{ principal: other, policy: 'May do anything.' }]));
  await bootstrap(resolve(file));
  const ann = await read('users_table', { id: 'ann' });
  expect(ann).toMatchObject({ groups: ['approvers'], version: 1 });
  expect(ann?.slackUserId).toBeUndefined();
});

test.each([
  [[], /^name a file of principals, or --demo/],
  [['nowhere.json'], 'nowhere.json: cannot be read as JSON; docs/deploy.md says how it reads\n'],
  [['package.json'], /^package\.json: .* expected array.*docs\/deploy\.md/],
  [['--demo', '--slack', 'approver1'], '"approver1" names nobody in Slack: write approver1=U0123ABCD\n'],
])('%j stops it with one line', async (args, line) => {
  await expect(bootstrap(...args)).rejects.toMatchObject({ code: 1, stderr: expect.stringMatching(line) });
});
