import { createHmac } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, test, vi } from 'vitest';
import type { ApprovalMessage } from '../../../lambdas/shared/adapters/tables/approval-messages-table.ts';
import type { AccessRequest } from '../../../lambdas/shared/domain/access-request.ts';
import type { Principal } from '../../../lambdas/shared/domain/principal.ts';
import type { RequestRow } from '../../../lambdas/shared/domain/request-row.ts';
import type { Vote } from '../../../lambdas/shared/domain/vote.ts';
import { readWording } from '../../../lambdas/shared/messages/read-wording.ts';
import { serveEvents } from '../../../slack-app/serve-events.ts';
import { approvalAsk, askedRow, voteOf } from '../../support/asked-row.ts';
import { ofBank } from '../../support/bank.ts';
import { NOW } from '../../support/example-state.ts';

const FOLDER = 'test/cases/events';
const SIGNING_SECRET = 'the-signing-secret-of-the-test';
const NAMES = readdirSync(FOLDER).map((file) => file.replace(/\.json$/, ''));

const people: Record<string, Principal> = {
  U0APPROVER1: ofBank('approver1'),
  U0APPROVER2: ofBank('approver2'),
  U0ANALYST1: ofBank('analyst1'),
  U0EMPLOYEE1: ofBank('employee1'),
  U0SUSPENDED1: { ...ofBank('suspended1'), groups: ['approvers'] },
  U0SAM: { ...ofBank('employee1'), id: 'sam', persons: ['sam'], groups: ['approvers'] },
  U0AGENT: ofBank('customer_support_agent'),
};

let effects: string[];
let row: RequestRow;
let seen: Set<string>;
let now: Date;
beforeEach(() => {
  effects = [];
  seen = new Set();
  now = NOW;
  row = askedRow();
});

function serve(before: Vote[] = []) {
  const votes = [...before];
  const message: ApprovalMessage = {
    channel: 'C0ACCESS',
    ts: '1.0',
    tier: 'access-approvers',
    proposalDigest: 'sha256:p',
    requestIds: [row.requestId],
  };
  return serveEvents(
    {
      requests: { get: async (id) => (id === row.requestId ? row : undefined) },
      approvals: {
        getToken: async () => ({
          tier: 'access-approvers',
          taskToken: 'the-token',
          proposalDigest: 'sha256:p',
          ttl: 1,
        }),
        async putVote(_, vote) {
          const { decision, principalId, stepUp, narrowing, reason } = vote;
          votes.push(vote);
          effects.push(`vote ${JSON.stringify({ decision, principalId, stepUp, narrowing, reason })}`);
          return true;
        },
        listVotes: async () => votes,
        async putReason(_, { person }, reason) {
          effects.push(`reason of ${person}: ${reason}`);
          return true;
        },
        putWindow: async () => true,
      },
      messages: { ofRequest: async () => message, get: async () => message },
      principals: {
        get: async (id) => Object.values(people).find((person) => person.id === id),
        findBySlackUser: async (id) => people[id],
      },
      once: {
        async first(key) {
          if (seen.has(key)) return false;
          seen.add(key);
          return true;
        },
        count: async () => 1,
        prolong: async () => {},
        forget: async () => {},
      },
      // Its code at NOW is the one in submit-code.json.
      stepUpSecret: async (id) => (id === 'approver2' ? 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP' : undefined),
      slack: {
        async whisper({ userId }, text) {
          effects.push(`whispered to ${userId}: ${text}`);
        },
        async tell(userId, text) {
          effects.push(`told ${userId}: ${text}`);
        },
        async openModal(_, view) {
          effects.push(`opened ${view.callback_id}`);
        },
        async update() {
          effects.push('drew the message');
        },
        membersOf: async () => [],
      },
      wake: async (token) => {
        effects.push(`woke ${token}`);
      },
      opening: {
        requests: { create: async () => true, get: async () => undefined },
        admit: async () => {},
        idempotency: { remember: async (_, entry) => entry },
        stateMachine: {
          start: async (request: AccessRequest) => {
            effects.push(`started for ${request.principalId}: ${request.reason}`);
          },
        },
        clock: () => now,
        newUlid: () => '01JD3Z9Q2N8K4V6B1C5D7E9F0H',
      },
      revoking: {
        denials: { get: async () => undefined },
        revocations: {
          start: async (input) => {
            effects.push(`revoking ${JSON.stringify(input)}`);
          },
        },
        clock: () => now,
      },
      wording: readWording,
      consoleUrl: undefined,
      teamId: async () => 'T0BANK',
      clock: () => now,
      log: () => {},
    },
    async () => SIGNING_SECRET,
  );
}

type Recorded = { contentType: string; body: string };
const recorded = (name: string): Recorded =>
  JSON.parse(readFileSync(join(FOLDER, `${name}.json`), 'utf8')) as Recorded;

function eventOf({ contentType, body }: Recorded, change: (signature: string) => string = (it) => it) {
  const timestamp = String(NOW.getTime() / 1000);
  const digest = createHmac('sha256', SIGNING_SECRET).update(`v0:${timestamp}:${body}`).digest('hex');
  return {
    path: '/slack/events',
    headers: {
      'Content-Type': contentType,
      'X-Slack-Request-Timestamp': timestamp,
      'X-Slack-Signature': change(`v0=${digest}`),
    },
    body,
    isBase64Encoded: false,
  };
}

/** The signature with one byte changed. */
const broken = (signature: string) => `${signature.slice(0, -1)}${signature.endsWith('0') ? '1' : '0'}`;

test.each(NAMES)('%s, as Slack signed it, does this', async (name) => {
  const answer = await serve()(eventOf(recorded(name)));
  const did = `${JSON.stringify({ answer, effects }, null, 2)}\n`;
  await expect(did).toMatchFileSnapshot(`../../cases/slack-effects/${name}.json`);
});

test.each(NAMES)('%s with one byte of its signature changed does nothing', async (name) => {
  expect(await serve()(eventOf(recorded(name), broken))).toEqual({ statusCode: 401, body: '' });
  expect(effects).toEqual([]);
});

test.each(NAMES)('%s a second time does nothing', async (name) => {
  const app = serve();
  await app(eventOf(recorded(name))).catch(() => undefined);
  const before = [...effects];
  expect(await app(eventOf(recorded(name)))).toEqual({ statusCode: 401, body: '' });
  expect(effects).toEqual(before);
});

test.each([301_000, -301_000])('an approval whose time is %i ms off does nothing', async (off) => {
  now = new Date(NOW.getTime() + off);
  expect(await serve()(eventOf(recorded('approve')))).toEqual({ statusCode: 401, body: '' });
  expect(effects).toEqual([]);
});

test('a body that API Gateway encoded is read as UTF-8', async () => {
  const plain = eventOf(recorded('unicode'));
  const encoded = { ...plain, body: Buffer.from(plain.body).toString('base64'), isBase64Encoded: true };
  expect(await serve()(encoded)).toMatchObject({ statusCode: 200 });
  expect(effects.join()).toContain('größere Änderung 日本語');
});

test('where a code is asked for, Approve opens the modal instead of voting', async () => {
  row = askedRow({ approval: { ...approvalAsk, quorum: { approvals: 2, stepUp: 1 } } });
  await serve()(eventOf(recorded('approve')));
  expect(effects).toEqual(['opened approve_with_code']);
});

test.each(['READY', 'DENIED', 'CANCELLED', 'EXPIRED', 'FAILED'] as const)(
  'a vote on a request that is %s changes nothing, and says so',
  async (status) => {
    row = askedRow({ status });
    await serve()(eventOf(recorded('approve')));
    expect(effects).toHaveLength(1);
    expect(effects[0]).toMatch(/^whispered to U0APPROVER1: This request was .* Your vote changes nothing/);
  },
);

/** A session of the request, for another hour. */
const issued = {
  status: 'ISSUED' as const,
  live: 'live' as const,
  session: {
    roleArn: 'arn:aws:iam::123456789012:role/postern-brokered',
    assumedRoleId: 'AROAEXAMPLE:customer_support_agent-01JD3Z9Q2N8K4V6B1C5D7E9F0G',
    expiration: new Date(NOW.getTime() + 3_600_000).toISOString(),
  } as RequestRow['session'],
};

test('a session that stands is ended, with the reason that was given, by whoever Slack signed for', async () => {
  row = askedRow(issued);
  await serve()(eventOf(recorded('submit-revocation')));
  expect(effects).toEqual([
    `revoking ${JSON.stringify({
      requestId: row.requestId,
      by: 'approver1',
      because: '<!channel> *No* <https://evil.example|click>',
      everySession: false,
    })}`,
  ]);
});

test.each(['U0EMPLOYEE1', 'U0SUSPENDED1', 'U0SOMEBODY'])('%s ends nobody else’s session', async (userId) => {
  row = askedRow(issued);
  const { contentType, body } = recorded('submit-revocation');
  const { body: answer } = (await serve()(
    eventOf({ contentType, body: body.replaceAll('U0APPROVER1', userId) }),
  )) as { body: string };
  expect(effects).toEqual([]);
  expect(answer).toMatch(/Nothing was changed|belongs to no active principal/);
});

test('a session that is revoked is not ended again', async () => {
  row = askedRow({ ...issued, revocation: { revokedAt: NOW.toISOString(), by: 'admin', scope: 'session' } });
  const { body } = (await serve()(eventOf(recorded('submit-revocation')))) as { body: string };
  expect(body).toContain('revoked already');
  expect(effects).toEqual([]);
});

test('a session that is over is not ended again', async () => {
  row = askedRow({ ...issued, session: { ...issued.session, expiration: NOW.toISOString() } as never });
  const { body } = (await serve()(eventOf(recorded('submit-revocation')))) as { body: string };
  expect(body).toContain('has ended by itself');
  expect(effects).toEqual([]);
});

test('nothing of a call is printed, at any level: not a code, not a token', async () => {
  const printed: unknown[] = [];
  const spies = (['log', 'debug', 'info', 'warn', 'error'] as const).map((level) =>
    vi.spyOn(console, level).mockImplementation((...args) => {
      printed.push(args);
    }),
  );
  for (const name of NAMES) await serve()(eventOf(recorded(name))).catch(() => undefined);
  for (const spy of spies) spy.mockRestore();
  expect(printed).toEqual([]);
});

test('where enough votes came with a code, Approve asks for none', async () => {
  row = askedRow({ approval: { ...approvalAsk, quorum: { approvals: 2, stepUp: 1 } } });
  const withCode = voteOf('approver2', 'bea', { stepUp: true });
  await serve([withCode])(eventOf(recorded('approve')));
  expect(effects[0]).toMatch(/^vote {"decision":"approve"/);
  expect(effects.join()).not.toContain('opened');
});
