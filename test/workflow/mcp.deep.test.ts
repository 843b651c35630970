import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeMcpServer } from '../../clients/mcp/make-mcp-server.ts';
import { serveHttp } from '../../clients/mcp/serve-http.ts';
import { mcpPortsOf } from '../../clients/mcp/start-mcp.ts';
import { makeBrokerClient } from '../../clients/sdk/broker-client.ts';
import { REGION } from '../../demo/place.ts';
import { posternProgram } from '../support/postern-program.ts';
import { type PosternOfCloud, posternOf } from '../support/run-postern.ts';
import { type Asked, type Line, proposing } from '../support/scripted-reviewer.ts';
import { proposingProfile, type SlackOfCloud, slackOf } from '../support/slack-of-cloud.ts';
import { type Cloud, startCloud } from '../support/start-cloud.ts';

const CHANNEL = '#access-approvals';
const METRICS = 'The weekly report needs the operational metrics of this week.';

let cloud: Cloud;
let slack: SlackOfCloud;
let postern: PosternOfCloud;
let http: Awaited<ReturnType<typeof serveHttp>>;
const clients: Client[] = [];
/** Everything that any tool answered. */
const answers: string[] = [];

beforeAll(async () => {
  cloud = await startCloud({
    tiers: [{ name: 'access-approvers', channel: CHANNEL, approverGroup: 'approvers', timeoutSeconds: 600 }],
  });
  slack = slackOf(cloud);
  postern = posternOf(cloud);
  cloud.reviewer.says(proposedTo);
  const ports = mcpPortsOf(brokerAs('employee1'), { region: async () => REGION });
  http = await serveHttp(() => makeMcpServer({ ...ports, lookEvery: 100, tellEvery: 100 }), 0);
});
afterAll(async () => {
  await Promise.all(clients.map((client) => client.close()));
  await http?.close();
  postern?.close();
  await cloud?.close();
});

function proposedTo({ principal }: Asked): Line {
  if (principal.id === 'employee1') return proposingProfile(slack);
  if (principal.id === 'customer_support_agent') return proposing('bank_balances', ['dynamodb:GetItem']);
  if (principal.id === 'admin') return proposing('bank_balances', ['dynamodb:Scan']);
  return proposing('bank_operational_metrics', ['dynamodb:Query']);
}

const brokerAs = (id: string) => {
  const key = cloud.access.principals[id];
  if (!key) throw new Error(`no principal ${id}`);
  const identity = { credentials: async () => key, region: async () => REGION };
  return makeBrokerClient({ endpoint: cloud.urls.api, identity });
};

async function connect(transport: Parameters<Client['connect']>[0]) {
  const client = new Client({ name: 'test', version: '1.0.0' });
  await client.connect(transport);
  clients.push(client);
  const call = async (
    name: string,
    args: Record<string, unknown> = {},
    onprogress?: (progress: { message?: string | undefined }) => void,
  ) => {
    const result = await client.callTool({ name, arguments: args }, undefined, {
      ...(onprogress && { onprogress }),
      timeout: 25_000,
    });
    const [{ text }] = result.content as [{ text: string }];
    answers.push(text);
    return { isError: result.isError === true, text };
  };
  return { client, call };
}

const overStdio = (as: string, more: Record<string, string> = {}) => {
  const { PATH = '', ...env } = postern.environmentOf(as) as Record<string, string>;
  return connect(
    new StdioClientTransport({
      command: process.execPath,
      args: [posternProgram(), 'mcp'],
      env: { PATH, ...env, ...more },
    }),
  );
};
const overHttp = () =>
  connect(
    new StreamableHTTPClientTransport(new URL(http.url), {
      requestInit: { headers: { authorization: http.authorization } },
    }) as unknown as Parameters<Client['connect']>[0],
  );

type Call = Awaited<ReturnType<typeof connect>>['call'];
/** Asks, and looks until it is decided, as a model is told to: a busy machine may take longer than one call waits. */
async function decided(
  call: Call,
  reason: string,
  more: { waitSeconds?: number } = {},
): Promise<Record<string, unknown> & { requestId: string }> {
  let seen = JSON.parse((await call('request_access', { reason, ...more })).text);
  while (seen.status === 'PENDING')
    seen = JSON.parse((await call('check_access', { requestId: seen.requestId })).text);
  return seen;
}

describe.concurrent('postern mcp', () => {
  test('granted, over stdio: one call of AWS is made in the server, another is refused by IAM', async () => {
    const { client, call } = await overStdio('analyst1');
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name).sort()).toEqual([
      'audit_account',
      'cancel_request',
      'check_access',
      'check_policy',
      'generate_policy',
      'list_catalog',
      'list_requests',
      'prove_policy',
      'request_access',
      'run_aws',
    ]);
    const { requestId, status, next } = await decided(call, METRICS);
    expect(next).toContain('run_aws');
    expect(status).toBe('READY');
    const query = {
      requestId,
      service: 'dynamodb',
      operation: 'Query',
      input: {
        TableName: 'bank_operational_metrics',
        KeyConditionExpression: 'metric = :m',
        ExpressionAttributeValues: { ':m': { S: 'payments_failed' } },
      },
    };
    const read = await call('run_aws', query);
    expect([read.isError, JSON.parse(read.text).Count > 0]).toEqual([false, true]);
    // The same session serves the next call.
    expect((await call('run_aws', query)).isError).toBe(false);
    const other = await call('run_aws', {
      ...query,
      input: { TableName: 'bank_balances' },
      operation: 'Scan',
    });
    expect([other.isError, other.text]).toEqual([true, expect.stringContaining('AccessDeniedException')]);
    const none = await call('run_aws', { ...query, operation: 'MakeMeAdmin' });
    expect(none).toEqual({ isError: true, text: 'dynamodb has no operation MakeMeAdmin.' });
    const checked = await call('check_access', { requestId });
    expect(JSON.parse(checked.text).status).toBe('ISSUED');
  });

  test('on behalf of a signed-in customer: their rows, and nobody else’s, whatever the model asks for', async () => {
    const { call } = await overStdio('customer_support_agent', {
      POSTERN_SUBJECT_TOKEN: await cloud.subjectToken('c-1042'),
    });
    const { requestId, status } = await decided(call, 'The customer asks for their balance.');
    expect(status).toBe('READY');
    const read = (id: string) =>
      call('run_aws', {
        requestId,
        service: 'dynamodb',
        operation: 'GetItem',
        input: { TableName: 'bank_balances', Key: { user_id: { S: id } } },
      });
    expect((await read('c-1042')).text).toContain('1250.4');
    const other = await read('c-2077');
    expect([other.isError, other.text]).toEqual([true, expect.stringContaining('AccessDeniedException')]);
    expect(JSON.parse((await call('check_access', { requestId })).text).status).toBe('ISSUED');
    // Without the customer's token the request does not even exist.
    const { call: without } = await overStdio('customer_support_agent');
    expect((await without('check_access', { requestId })).isError).toBe(true);
  });

  test('denied: said with its reasons; nothing can be run', async () => {
    const { call } = await overStdio('admin');
    const { requestId, status, reasons } = await decided(call, 'I want to see everybody’s balance.');
    expect([status, (reasons as unknown[]).length > 0]).toEqual(['DENIED', true]);
    const run = await call('run_aws', { requestId, service: 'dynamodb', operation: 'ListTables' });
    expect([run.isError, run.text]).toEqual([true, expect.stringContaining('Because: ')]);
  });

  test.each([
    ['request_access', {}],
    ['request_access', { reason: 'short' }],
    ['request_access', { reason: METRICS, durationSeconds: 5 }],
    ['run_aws', { requestId: 'x', service: '../iam', operation: 'ListRoles' }],
    ['check_access', { requestId: 7 }],
  ])('arguments off schema are told, as an error of the tool: %s %j', async (name, args) => {
    const { call } = await overHttp();
    const { isError, text } = await call(name, args);
    expect([isError, text]).toEqual([
      true,
      expect.stringMatching(/Invalid arguments|invalid|say why, or name a job/i),
    ]);
  });

  test('the catalog is a resource too', async () => {
    const { client } = await overHttp();
    const { contents } = await client.readResource({ uri: 'postern://catalog' });
    expect(JSON.stringify(contents)).toContain('bank_customer_profiles');
  });

  test('a web page is refused, and whoever has not the token', async () => {
    const { authorization } = http;
    const statusOf = async (headers: Record<string, string>, method = 'POST') => {
      const body =
        method === 'POST' ? { body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' }) } : {};
      const accept = 'application/json, text/event-stream';
      const sent = { 'content-type': 'application/json', accept, ...headers };
      return (await fetch(http.url, { method, headers: sent, ...body })).status;
    };
    expect(await statusOf({ authorization, origin: 'https://evil.example' })).toBe(403);
    for (const other of [{}, { authorization: '' }, { authorization: `${authorization}x` }])
      expect(await statusOf(other as Record<string, string>)).toBe(401);
    expect(await statusOf({ authorization: authorization.replace('Bearer ', '') })).toBe(401);
    expect(await statusOf({ authorization }, 'GET')).toBe(405);
    expect(await statusOf({ authorization })).toBe(400);
    expect(await statusOf({ authorization, 'mcp-session-id': 'of-nobody' })).toBe(404);
  });
});

// One after the other: both ask as the same principal, and the first message is the one that is answered.
describe('postern mcp, where people decide', () => {
  test('approved by a person, over HTTP: the client hears of the wait, and then of the grant', async () => {
    const { call } = await overHttp();
    const heard: string[] = [];
    const reason = 'I need the profile of a customer for the case at hand.';
    const asking = call('request_access', { reason, waitSeconds: 20 }, ({ message }) =>
      heard.push(message ?? ''),
    );
    const message = await slack.messageFrom(CHANNEL, 'employee1');
    await slack.click('U0APPROVER1', message, 'approve');
    const { status, requestId } = JSON.parse((await asking).text);
    expect(status).toBe('READY');
    expect(heard.join(' ')).toContain('access-approvers is asked');
    const input = { TableName: 'bank_customer_profiles', Key: { user_id: { S: 'c-1042' } } };
    const run = () => call('run_aws', { requestId, service: 'dynamodb', operation: 'GetItem', input });
    expect((await run()).isError).toBe(false);
    expect((await run()).isError).toBe(false);
    // The session is this client's: another of the same server does not find it there.
    const { call: ofAnother } = await overHttp();
    const other = await ofAnother('run_aws', { requestId, service: 'dynamodb', operation: 'GetItem', input });
    expect([other.isError, other.text]).toEqual([true, expect.stringContaining('handed over once')]);
  });

  test('what nobody answers is handed back, still waiting; then taken back', async () => {
    const { call } = await overHttp();
    const reason = 'I need the profile of another customer, for another case.';
    const waiting = await decided(call, reason, { waitSeconds: 1 });
    expect(waiting).toMatchObject({ status: 'AWAITING_APPROVAL', asked: 'access-approvers' });
    // The same again is the same request, and its id can be found.
    const again = JSON.parse((await call('request_access', { reason, waitSeconds: 1 })).text);
    expect(again.requestId).toBe(waiting.requestId);
    const { requests } = JSON.parse((await call('list_requests')).text);
    expect(requests.map(({ requestId: id }: { requestId: string }) => id)).toContain(waiting.requestId);
    const cancelled = await call('cancel_request', { requestId: waiting.requestId });
    expect(JSON.parse(cancelled.text).status).toBe('CANCELLED');
  });
});

test('no answer of a tool holds anything of a session', () => {
  expect(answers.length).toBeGreaterThan(12);
  for (const text of answers)
    expect(text).not.toMatch(/ASIA[A-Z0-9]{16}|secretAccessKey|sessionToken|SecretAccessKey/);
});
