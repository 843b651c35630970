import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DeleteCommand, GetCommand, PutCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ACCOUNT_ID, REGION } from '../../../demo/place.ts';
import { ConfigError } from '../../../lambdas/shared/domain/config-error.ts';
import { principalSchema } from '../../../lambdas/shared/domain/principal.ts';
import { startAwsEndpoint } from '../../../sandbox/aws/start-aws-endpoint.ts';
import type { SeedOptions } from '../../../sandbox/sandbox-parts.ts';
import { seed } from '../../../sandbox/seed/seed.ts';
import { resolveTemplate } from '../../../sandbox/template/resolve-template.ts';
import { template } from '../../support/template.ts';
import { operatorClient } from '../boot/support/operator-client.ts';

const resolved = () => resolveTemplate(template(), { accountId: ACCOUNT_ID, region: REGION });

let dataDir: string;
let aws: Awaited<ReturnType<typeof startAwsEndpoint>>;
let tables: ReturnType<typeof operatorClient>;
beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'postern-seed-'));
  aws = await startAwsEndpoint({ port: 0, template: resolved(), services: [] });
  tables = operatorClient(aws);
});
afterEach(async () => {
  tables.destroy();
  await aws.close();
  rmSync(dataDir, { recursive: true });
});

/** Seeds as a sandbox does whose edge has this port. */
const run = (port = 4780, env: SeedOptions['env'] = {}) =>
  seed({
    aws,
    template: resolved(),
    env,
    dataDir,
    edge: {
      url: `http://127.0.0.1:${port}`,
      consoleUrl: `http://localhost:${port}`,
      slack: { secret: {} },
      webhooks: {},
      tokenUrlOf: (id: string) => `http://localhost:${port}/issuer/principals/x/${id}`,
    },
  } as unknown as SeedOptions);
const read = async (TableName: string, Key: Record<string, string>) =>
  (await tables.send(new GetCommand({ TableName, Key }))).Item;
const all = async (): Promise<unknown> =>
  Promise.all(
    resolved().tables.map(
      async ({ name }) => (await tables.send(new ScanCommand({ TableName: name }))).Items,
    ),
  );

describe('the first run', () => {
  test('adds principals that callers are found by, their policies, and the bank', async () => {
    await run();
    const agent = principalSchema.parse(await read('users_table', { id: 'customer_support_agent' }));
    expect(agent.subjectIssuers).toEqual([
      { issuer: 'http://localhost:4780/issuer', audiences: ['postern-demo'] },
    ]);
    const admin = principalSchema.parse(await read('users_table', { id: 'admin' }));
    expect(agent.slackUserId).toBeUndefined();
    for (const [arn, principalId] of [
      [agent.awsPrincipals[0] ?? '', agent.id],
      [admin.awsPrincipals[0] ?? '', admin.id],
      [`slack:${admin.slackUserId}`, admin.id],
    ] as const) {
      expect(await read('postern_aws_principals', { arn })).toEqual({ arn, principalId });
    }
    expect(await read('policy_table', { principalId: agent.id })).toMatchObject({ version: 1 });
    expect(await read('bank_balances', { user_id: 'c-1042' })).toMatchObject({ balance: 1250.4 });
  });

  test('gives keys that may ask, and nothing else', async () => {
    const { principals, subjects } = await run();
    expect(Object.keys(principals).sort()).toEqual(
      'admin analyst1 approver1 approver2 auditor1 customer_support_agent employee1 suspended1'.split(' '),
    );
    for (const [id, { accessKeyId }] of Object.entries(principals)) {
      const caller = aws.credentials.find(accessKeyId)?.caller;
      expect(caller?.arn).toBe(`arn:aws:iam::${ACCOUNT_ID}:user/${id}`);
      expect(caller?.identityPolicies).toEqual([
        {
          Version: '2012-10-17',
          Statement: [{ Effect: 'Allow', Action: 'execute-api:Invoke', Resource: '*' }],
        },
      ]);
    }
    expect(subjects['c-1042']).toEqual({ tokenUrl: 'http://localhost:4780/issuer/token/c-1042' });
  });

  test.each([
    [{}, 'the offline reviewer takes no key'],
    [{ OPENAI_API_KEY: '' }, 'the offline reviewer takes no key'],
    [{ OPENAI_API_KEY: 'a key' }, 'a key'],
  ])("with %j, the reviewer's secret is never empty", async (env, secret) => {
    const put = vi.spyOn(aws.secrets, 'put');
    await run(4780, env);
    const given = put.mock.calls.filter(([name]) => name === 'postern/openai');
    expect(given).toEqual([['postern/openai', secret]]);
  });
});

describe('a later run', () => {
  test('changes nothing, and gives the same keys', async () => {
    const first = await run();
    const before = await all();
    // All but the auditors' session, which ends with the sandbox.
    expect({ ...(await run()), audit: first.audit }).toEqual(first);
    expect(await all()).toEqual(before);
  });

  test('leaves what was changed meanwhile: a policy, a principal, a balance', async () => {
    await run();
    const changed = [
      ['policy_table', { principalId: 'analyst1', text: 'Approved anew.', version: 2 }],
      [
        'users_table',
        { ...(await read('users_table', { id: 'analyst1' })), status: 'suspended', version: 2 },
      ],
      ['bank_balances', { user_id: 'c-1042', balance: 1 }],
    ] as const;
    for (const [TableName, Item] of changed) await tables.send(new PutCommand({ TableName, Item }));
    await run();
    const now = await Promise.all([
      read('policy_table', { principalId: 'analyst1' }),
      read('users_table', { id: 'analyst1' }),
      read('bank_balances', { user_id: 'c-1042' }),
    ]);
    expect(now).toEqual(changed.map(([, item]) => item));
  });

  test('does not give back what a principal called with before it was changed', async () => {
    await run();
    const arn = `arn:aws:iam::${ACCOUNT_ID}:user/analyst1`;
    await tables.send(new DeleteCommand({ TableName: 'postern_aws_principals', Key: { arn } }));
    await run();
    expect(await read('postern_aws_principals', { arn })).toBeUndefined();
  });

  test('on another port brings the address of its own issuer up to date, and of no other', async () => {
    await run();
    const before = await read('users_table', { id: 'customer_support_agent' });
    const foreign = { issuer: 'https://bank.example/issuer', audiences: ['chat'] };
    await tables.send(
      new PutCommand({
        TableName: 'users_table',
        Item: { ...before, subjectIssuers: [foreign, ...(before?.subjectIssuers ?? [])] },
      }),
    );
    await run(5000);
    expect(await read('users_table', { id: 'customer_support_agent' })).toEqual({
      ...before,
      signIn: [{ issuer: 'http://localhost:5000/issuer', subject: 'customer_support_agent' }],
      subjectIssuers: [foreign, { issuer: 'http://localhost:5000/issuer', audiences: ['postern-demo'] }],
    });
    expect(await read('users_table', { id: 'analyst1' })).toMatchObject({ subjectIssuers: [] });
  });

  test('in a real workspace the demo is played by whom SLACK_USERS says, and later by others', async () => {
    await run(4780, { SLACK_USERS: 'approver1=U012AB3CD, admin=U045EF6GH' });
    expect(await read('postern_aws_principals', { arn: 'slack:U012AB3CD' })).toMatchObject({
      principalId: 'approver1',
    });
    await run(4780, { SLACK_USERS: 'approver1=U099ZZ9ZZ' });
    expect(await read('users_table', { id: 'approver1' })).toMatchObject({
      slackUserId: 'U099ZZ9ZZ',
      version: 1,
    });
    expect(await read('postern_aws_principals', { arn: 'slack:U099ZZ9ZZ' })).toBeDefined();
    const mistaken = run(4780, { SLACK_USERS: 'approver1' });
    await expect(mistaken).rejects.toThrow(/SLACK_USERS is not like/);
    await expect(mistaken).rejects.toThrow(ConfigError);
  });
});
