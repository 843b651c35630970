import { readFileSync } from 'node:fs';
import { vi } from 'vitest';
import { makeAim } from '../../../lambdas/front-door/aim-looks.ts';
import { type FrontDoorPorts, makeFrontDoor } from '../../../lambdas/front-door/front-door.ts';
import { readConfigFiles } from '../../../lambdas/shared/adapters/config/read-config.ts';
import { canSealTo, makeRecipientKeyPair } from '../../../lambdas/shared/adapters/sessions/recipient-keys.ts';
import {
  openCredentials,
  sealerFor,
  thumbprintOf,
} from '../../../lambdas/shared/adapters/sessions/sealed-credentials.ts';
import type { TokenVerdict } from '../../../lambdas/shared/domain/identity/token-verdict.ts';
import { type Principal, principalSchema } from '../../../lambdas/shared/domain/principal.ts';
import type { RequestRow } from '../../../lambdas/shared/domain/request-row.ts';
import { serveProxyEvents } from '../../../lambdas/shared/http/serve-proxy-events.ts';
import { makeAdmit } from '../../../lambdas/shared/requests/admit.ts';
import type { Remembered } from '../../../lambdas/shared/requests/open-request.ts';
import { makeFakeRequests } from './fake-requests.ts';
import { makeFakeUsage } from './fake-usage.ts';

export const ISSUER = 'https://login.bank.example';
export const AGENT = 'customer_support_agent';
const ACCOUNT = 'arn:aws:iam::123456789012';

const person = (id: string, more: Partial<Principal> = {}): Principal =>
  principalSchema.parse({
    id,
    type: 'human',
    status: 'active',
    groups: [],
    awsPrincipals: [`${ACCOUNT}:role/${id}`],
    persons: [id],
    ...more,
  });

const PRINCIPALS = [
  person(AGENT, {
    type: 'agent',
    awsPrincipals: [`${ACCOUNT}:role/support-agent`],
    subjectIssuers: [{ issuer: ISSUER, audiences: ['support'] }],
    jobs: {
      'read-balance': {
        purpose: 'Reads the balance of the signed-in customer',
        grants: [{ resource: 'bank_balances', actions: ['dynamodb:GetItem'] }],
        durationSeconds: 900,
        onBehalfOf: 'subject',
      },
    },
  }),
  person('employee1', {
    jobs: {
      'nightly-report': {
        purpose: 'The nightly report needs the metrics',
        grants: [{ resource: 'bank_operational_metrics', actions: ['dynamodb:Query'] }],
        durationSeconds: 1800,
        onBehalfOf: 'nobody',
      },
    },
    awsPrincipals: [`${ACCOUNT}:user/staff/employee1`],
  }),
  person('analyst1', {
    awsPrincipals: [
      'arn:aws:sts::123456789012:assumed-role/AWSReservedSSO_Analyst_0123456789abcdef/analyst1@bank.example',
    ],
  }),
  person('auditor1', { groups: ['auditors'] }),
  person('approver1', { groups: ['approvers'] }),
  person('admin1', { groups: ['admins'] }),
  person('suspended1', { status: 'suspended' }),
];

const fixture = (name: string) =>
  JSON.parse(readFileSync(new URL(`../../cases/events-api/${name}.json`, import.meta.url), 'utf8'));

export const SESSION = {
  accessKeyId: 'ASIASESSION000000000',
  secretAccessKey: 'secret-access-key-of-the-session',
  sessionToken: 'session-token-of-the-session',
  expiration: '2026-11-20T22:15:00.000Z',
  assumedRoleArn: 'arn:aws:sts::123456789012:assumed-role/postern-brokered/x',
};
export const ROLE = { roleArn: `${ACCOUNT}:role/postern-brokered`, assumedRoleId: 'AROAEXAMPLE:x' };

const { limits } = readConfigFiles('config');

/** A call as a test writes it. */
type TestCall = {
  /** Principal id; or `null` for an unsigned call. */
  as?: string | null;
  body?: unknown;
  rawBody?: string;
  headers?: Record<string, string>;
  query?: Record<string, string | string[]>;
};

type TestAnswer = {
  status: number;
  headers: Record<string, string>;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  body: any;
  text: string;
};

/** The front door with services in memory, and a clock that only sleeping moves. */
export function makeWorld(overrides: Partial<FrontDoorPorts> = {}) {
  let now = Date.parse('2026-11-20T22:00:00.000Z');
  const clock = () => new Date(now);
  const { table, rows } = makeFakeRequests(clock);
  const usage = makeFakeUsage();
  const remembered = new Map<string, Remembered>();
  const taskTokens = new Map<string, string>();
  const sleeps: number[] = [];
  const started: string[] = [];
  const logged: unknown[] = [];
  let ulids = 0;
  /** What the workflow does, and when: run as time passes. */
  const later: { at: number; run: () => unknown }[] = [];

  async function pass(milliseconds: number) {
    sleeps.push(milliseconds);
    now += milliseconds;
    for (const step of later.filter(({ at: dueAt }) => dueAt <= now)) {
      later.splice(later.indexOf(step), 1);
      await step.run();
    }
  }

  const ports: FrontDoorPorts = {
    aim: makeAim(),
    requests: table,
    admit: makeAdmit({ usage, requests: table, limits: () => limits, clock }),
    principals: {
      get: async (id) => PRINCIPALS.find((principal) => principal.id === id),
      findByAwsArn: async (arn) => PRINCIPALS.find(({ awsPrincipals }) => awsPrincipals.includes(arn)),
    },
    directory: { template: async () => undefined },
    issuers: () => ({ version: 1, issuers: [] }),
    gateways: [],
    delegations: {
      create: async () => true,
      get: async () => undefined,
      listByPrincipal: async () => [],
      end: async () => false,
    },
    calls: { list: async () => [] },
    policies: { get: async (principalId) => ({ principalId, text: 'Be kind.', version: 7 }) },
    idempotency: {
      async remember(key, entry) {
        const first = remembered.get(key) ?? entry;
        remembered.set(key, first);
        return first;
      },
    },
    stateMachine: {
      start: vi.fn(async ({ requestId }) => {
        started.push(requestId);
      }),
      stop: vi.fn(async () => {}),
      completeTask: vi.fn(async (_token: string, output: unknown) => {
        after(500, () => issueTo(output));
        return 'completed' as const;
      }),
    },
    subjectTokens: {
      async verify(token, issuers): Promise<TokenVerdict> {
        const [issuer = '', id = ''] = token.split('#');
        if (issuer === 'down') return { outcome: 'unavailable', because: 'the issuer timed out' };
        return issuers.some((listed) => listed.issuer === issuer)
          ? { outcome: 'verified', subject: { issuer, id } }
          : { outcome: 'invalid', because: 'it is not a JWT' };
      },
    },
    recipientKeys: { make: makeRecipientKeyPair, canSealTo, thumbprintOf, open: openCredentials },
    revocations: { start: vi.fn(async () => {}) },
    denials: { get: async () => undefined },
    approverGroups: () => ['approvers'],
    tiers: () => readConfigFiles('config').approvals.tiers,
    consoleSignIn: { urlFor: async () => 'https://signin.example/federation?x=1' },
    clock,
    sleep: pass,
    newUlid: () => `01KAE00000000000000000${String(ulids++).padStart(4, '0')}`,
    log: (facts) => logged.push(facts),
    votes: { listVotes: async () => [] },
    callbacks: {
      putToken: async (requestId, { taskToken }) => void taskTokens.set(requestId, taskToken),
      viewOf: async () => ({ status: 'awaited' }),
    },
    settings: { requireRecipientKey: false, callbacksAllowed: false },
    ...overrides,
  };

  function after(milliseconds: number, run: () => unknown) {
    later.push({ at: now + milliseconds, run });
  }

  /** Changes a row as a workflow step would. */
  function patch(requestId: string, change: Partial<RequestRow>) {
    const row = rows.get(requestId);
    if (!row) throw new Error(`no row ${requestId}`);
    rows.set(requestId, { ...row, ...change });
  }

  const ready = (requestId: string) =>
    patch(requestId, {
      status: 'READY',
      claimToken: `token-of-${requestId}`,
      claimBy: '2026-11-20T22:20:00.000Z',
    });

  /** What AssumeRole and WriteLog do once a claim is redeemed. */
  async function issueTo(output: unknown) {
    const { recipientKey } = output as { recipientKey: Parameters<typeof sealerFor>[0] };
    const thumbprint = await thumbprintOf(recipientKey);
    const row = [...rows.values()].find(({ claim }) => claim?.thumbprint === thumbprint);
    if (!row) return;
    patch(row.requestId, {
      status: 'ISSUED',
      session: {
        ...ROLE,
        assumedRoleArn: SESSION.assumedRoleArn,
        accessKeyId: SESSION.accessKeyId,
        expiration: SESSION.expiration,
        sessionName: row.requestId,
        sourceIdentity: row.principalId,
        sealed: await (await sealerFor(recipientKey)).seal(SESSION, row.requestId),
      },
    });
  }

  /** What AssumeRole and WriteLog do of a request whose claim came with it. */
  async function issueAhead(requestId: string) {
    const claim = rows.get(requestId)?.claimAhead;
    if (!claim) throw new Error(`${requestId} was not claimed ahead`);
    patch(requestId, { status: 'READY', claim });
    await issueTo(claim);
  }

  const handler = serveProxyEvents(() => makeFrontDoor(ports));

  async function send(event: unknown): Promise<TestAnswer> {
    const answer = (await handler(event)) as {
      statusCode: number;
      body: string;
      multiValueHeaders?: Record<string, string[]>;
      headers?: Record<string, string>;
    };
    const many = Object.entries(answer.multiValueHeaders ?? {}).map(([name, values]) => [name, values[0]]);
    return {
      status: answer.statusCode,
      headers: { ...answer.headers, ...Object.fromEntries(many) },
      body: answer.body === '' ? undefined : JSON.parse(answer.body),
      text: answer.body,
    };
  }

  /** Sends `POST /requests` and the like, signed as a principal. */
  function call(target: string, { as = AGENT, body, rawBody, headers = {}, query = {} }: TestCall = {}) {
    const [method = '', path = ''] = target.split(' ');
    const event = fixture(as === null ? 'unsigned' : as === AGENT ? 'assumed-role' : 'iam-user');
    if (as !== null && as !== AGENT) {
      event.requestContext.identity.userArn =
        as === 'employee1'
          ? event.requestContext.identity.userArn
          : `arn:aws:sts::123456789012:assumed-role/${as}/s-1`;
    }
    event.httpMethod = method;
    event.path = path;
    event.requestContext.path = `/prod${path}`;
    for (const [name, value] of Object.entries(headers)) {
      event.headers[name] = value;
      event.multiValueHeaders[name] = [value];
    }
    const queries = Object.entries(query).map(([name, value]) => [name, [value].flat()]);
    event.multiValueQueryStringParameters = queries.length > 0 ? Object.fromEntries(queries) : null;
    event.body = rawBody ?? (body === undefined ? null : JSON.stringify(body));
    return send(event);
  }

  /** Sends the same at the door for tokens; `token` is what the `tokens` port of a test knows. */
  function callWithToken(
    target: string,
    token: string | undefined,
    { body, rawBody, headers = {}, query = {} }: Omit<TestCall, 'as'> = {},
  ) {
    const [method = '', path = ''] = target.split(' ');
    const queries = Object.entries(query).flatMap(([name, values]) =>
      [values].flat().map((value): [string, string] => [name, value]),
    );
    return send({
      version: '2.0',
      routeKey: `${method} /oidc${path}`,
      rawPath: `/oidc${path}`,
      rawQueryString: new URLSearchParams(queries).toString(),
      headers: { ...(token !== undefined && { authorization: `Bearer ${token}` }), ...headers },
      requestContext: {
        domainName: 'broker.example',
        http: { method, path: `/oidc${path}` },
        requestId: 'c6af9ac6-7b61-11e6-9a41-93e8deadbeef',
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      ...(rawBody !== undefined && { body: rawBody }),
      isBase64Encoded: false,
    });
  }

  /** Makes a request and answers its id. */
  async function ask(options: TestCall = {}): Promise<string> {
    const answer = await call('POST /requests', {
      body: { reason: 'Show the customer her balance' },
      ...options,
    });
    if (answer.status !== 202) throw new Error(`asked in vain: ${answer.text}`);
    return answer.body.requestId;
  }

  return {
    ports,
    rows,
    usage,
    taskTokens,
    started,
    sleeps,
    logged,
    call,
    callWithToken,
    send,
    ask,
    patch,
    ready,
    issueAhead,
    after,
    pass,
    fixture,
    rowOf(requestId: string): RequestRow {
      const row = rows.get(requestId);
      if (!row) throw new Error(`no row ${requestId}`);
      return row;
    },
  };
}
