import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseSettings } from '../../../infra/settings.ts';
import { parseIssuers } from '../../../lambdas/shared/adapters/config/read-issuers.ts';
import { readToken } from '../../../lambdas/shared/domain/identity/sign-in/read-token.ts';
import { type Endpoint, startEndpoint } from '../../sandbox/aws/start-endpoint.ts';
import { synthOnce } from '../../support/synth-once.ts';

type Pool = {
  readonly Id: string;
  readonly Name: string;
  readonly users: Map<string, Record<string, unknown>>;
  readonly apps: Record<string, unknown>[];
  readonly groups: Set<string>;
  readonly members: Set<string>;
  domain?: string;
};

/** Cognito, as far as the command uses it; a user's `sub` is not their name. */
const cognito = (() => {
  const pools: Pool[] = [];
  const refused = (name: string) => ({ __type: name });
  const attributesOf = (user: unknown) => [{ Name: 'sub', Value: `sub-of-${String(user)}` }];
  const poolOf = ({ UserPoolId }: Record<string, unknown>): Pool => {
    const found = pools.find(({ Id }) => Id === UserPoolId);
    if (!found) throw new Error('ResourceNotFoundException');
    return found;
  };
  const operations: Record<string, (input: Record<string, unknown>) => object> = {
    ListUserPools: () => ({ UserPools: pools.map(({ Id, Name }) => ({ Id, Name })) }),
    CreateUserPool: ({ PoolName }) => {
      const pool = {
        ...{ Id: `eu-central-1_Ab${pools.length + 1}`, Name: String(PoolName), users: new Map(), apps: [] },
        ...{ groups: new Set<string>(), members: new Set<string>() },
      };
      pools.push(pool);
      return { UserPool: { Id: pool.Id } };
    },
    DescribeUserPool: (input) => ({ UserPool: { Domain: poolOf(input).domain } }),
    CreateUserPoolDomain: (input) => {
      poolOf(input).domain = String(input.Domain);
      return {};
    },
    ListUserPoolClients: (input) => ({ UserPoolClients: poolOf(input).apps }),
    CreateUserPoolClient: (input) => {
      const app = { ...input, ClientId: `app-${String(input.ClientName)}` };
      poolOf(input).apps.push(app);
      return { UserPoolClient: app };
    },
    UpdateUserPoolClient: (input) => {
      const app = poolOf(input).apps.find(({ ClientId }) => ClientId === input.ClientId);
      return { UserPoolClient: Object.assign(app ?? {}, input) };
    },
    CreateGroup: (input) => {
      const { groups } = poolOf(input);
      if (groups.has(String(input.GroupName))) return refused('GroupExistsException');
      groups.add(String(input.GroupName));
      return {};
    },
    AdminAddUserToGroup: (input) => {
      poolOf(input).members.add(`${String(input.Username)} ${String(input.GroupName)}`);
      return {};
    },
    AdminCreateUser: (input) => {
      const { users } = poolOf(input);
      if (users.has(String(input.Username))) return refused('UsernameExistsException');
      users.set(String(input.Username), { ...input, UserStatus: 'FORCE_CHANGE_PASSWORD' });
      return { User: { Attributes: attributesOf(input.Username) } };
    },
    AdminGetUser: (input) =>
      poolOf(input).users.has(String(input.Username))
        ? {
            UserAttributes: attributesOf(input.Username),
            UserStatus: poolOf(input).users.get(String(input.Username))?.UserStatus,
          }
        : refused('UserNotFoundException'),
    AdminSetUserPassword: (input) => {
      const { users } = poolOf(input);
      const before = users.get(String(input.Username));
      users.set(String(input.Username), { ...before, TemporaryPassword: input.Password });
      return {};
    },
  };
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      const operation = String(request.headers['x-amz-target']).replace(/^.*\./, '');
      const answer = operations[operation]?.(JSON.parse(body)) ?? refused('InvalidAction');
      const status = '__type' in answer ? 400 : 200;
      response
        .writeHead(status, { 'content-type': 'application/x-amz-json-1.1' })
        .end(JSON.stringify(answer));
    });
  });
  const named = (name: string) => pools.find(({ Name }) => Name === name);
  return { pools, named, server };
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

const passwords = join(folder, 'passwords.json');

/** Runs the command as an operator does, with AWS at the sandbox's addresses. */
const bootstrap = (...args: string[]) =>
  promisify(execFile)(process.execPath, ['infra/deploy/bootstrap.ts', ...args, '--passwords', passwords], {
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
      audiences: ['app-PosternBank'],
      clients: ['app-PosternBank'],
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
  expect(cognito.pools.map(({ Name, users, apps }) => [Name, users.size, apps.length])).toEqual([
    ['PosternBank', 3, 1],
    ['PosternBankPeople', 7, 1],
  ]);
});

test('the bank’s people have a pool of their own, in their groups, each with a temporary password', async () => {
  const people = cognito.named('PosternBankPeople');
  expect([...(people?.members ?? [])].filter((member) => member.startsWith('approver2'))).toEqual([
    'approver2 approvers',
    'approver2 security',
  ]);
  expect(people?.users.has('customer_support_agent')).toBe(false);
  expect(people?.domain).toBe('postern-demo-123456789012');
  const saved = JSON.parse(readFileSync(passwords, 'utf8')) as Record<string, string>;
  expect(statSync(passwords).mode & 0o777).toBe(0o600);
  expect(new Set(Object.values(saved)).size).toBe(10);
  for (const [id, password] of Object.entries(saved))
    expect(people?.users.get(id) ?? cognito.named('PosternBank')?.users.get(id)).toMatchObject({
      TemporaryPassword: password,
      MessageAction: 'SUPPRESS',
    });
  expect(await read('users_table', { id: 'approver2' })).toMatchObject({
    signIn: [
      {
        issuer: `https://cognito-idp.eu-central-1.amazonaws.com/${people?.Id}`,
        subject: 'sub-of-approver2',
      },
    ],
  });
});

test('what it says goes into the configuration is what a console is deployed with, and no password is said', async () => {
  const { stdout } = await bootstrap('--demo');
  const [issuers, deployment] = ['issuers', 'deployment'].map((file) => {
    const [, fields = '{}'] = new RegExp(`in ${file}\\.json: (.*)`).exec(stdout) ?? [];
    return JSON.parse(fields) as object;
  });
  const settings = parseSettings(JSON.stringify(deployment));
  const config = parseIssuers(JSON.stringify({ version: 1, ...issuers }));
  const made = JSON.stringify(synthOnce({ demo: true, settings, issuers: config }));
  expect(made).toContain('app-PosternConsole');
  expect(made).toContain('postern-chat-socket');
  const [issuer] = config.issuers;
  if (!issuer) throw new Error('there is none');
  // An access token as Cognito makes it.
  const claims = { sub: 'sub-of-approver2', client_id: 'app-PosternConsole', token_use: 'access' };
  expect(readToken(claims, issuer, 'signIn')).toMatchObject({ redirectOnly: true, askOnly: false });
  for (const password of Object.values(JSON.parse(readFileSync(passwords, 'utf8')) as object))
    expect(stdout).not.toContain(password);
});

test('the console’s client is public, answers by code to the console alone, and moves with it', async () => {
  const client = () => cognito.named('PosternBankPeople')?.apps[0];
  expect(client()).toMatchObject({
    GenerateSecret: false,
    AllowedOAuthFlows: ['code'],
    ExplicitAuthFlows: ['ALLOW_REFRESH_TOKEN_AUTH'],
    CallbackURLs: ['http://localhost:4780/signed-in'],
  });
  const moved = 'https://abc123.execute-api.eu-central-1.amazonaws.com/';
  await bootstrap('--demo', '--console', moved);
  expect(client()).toMatchObject({
    AllowedOAuthFlows: ['code'],
    AllowedOAuthScopes: ['openid'],
    CallbackURLs: [`${moved}signed-in`],
  });
  await bootstrap('--demo');
  expect(client()).toMatchObject({ CallbackURLs: [`${moved}signed-in`] });
});

test('the bank’s customers sign in to the chat alone, where that is, each with a temporary password', async () => {
  const pool = () => cognito.named('PosternBank');
  expect(pool()?.domain).toBe('postern-bank-123456789012');
  expect(pool()?.apps[0]).toMatchObject({
    GenerateSecret: false,
    AllowedOAuthFlows: ['code'],
    CallbackURLs: ['http://localhost:4783/signed-in'],
  });
  const place = 'https://chat12.execute-api.eu-central-1.amazonaws.com/';
  await bootstrap('--demo', '--chat', place);
  expect(pool()?.apps[0]).toMatchObject({
    ClientId: 'app-PosternBank',
    AllowedOAuthFlows: ['code'],
    CallbackURLs: [`${place}signed-in`],
  });
  // Somebody of an earlier version's pool, whose password nobody knows.
  const saved = JSON.parse(readFileSync(passwords, 'utf8')) as Record<string, string>;
  const { 'c-2077': known, ...others } = saved;
  writeFileSync(passwords, JSON.stringify(others));
  await bootstrap('--demo');
  const { 'c-2077': given, ...rest } = JSON.parse(readFileSync(passwords, 'utf8')) as Record<string, string>;
  expect([given === known, rest]).toEqual([false, others]);
  expect(pool()?.users.get('c-2077')).toMatchObject({ TemporaryPassword: given });
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
  [
    ['--demo', '--console', 'http://postern.example'],
    /^"http:\/\/postern\.example" is not where a console is/,
  ],
  [['--demo', '--console', 'https://postern.example/pages'], /is not where a console is/],
  [['--demo', '--chat', 'http://chat.example'], /is not where a chat is/],
  [['--demo', '--slack', 'approver1'], '"approver1" names nobody in Slack: write approver1=U0123ABCD\n'],
])('%j stops it with one line', async (args, line) => {
  await expect(bootstrap(...args)).rejects.toMatchObject({ code: 1, stderr: expect.stringMatching(line) });
});
