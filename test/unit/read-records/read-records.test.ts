import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { courseOf } from '../../../lambdas/read-records/course-of-request.ts';
import { makeReadRecords } from '../../../lambdas/read-records/read-records.ts';
import {
  auditPageSchema,
  executionViewSchema,
  liveSessionsSchema,
  verificationSchema,
} from '../../../lambdas/read-records/record-specs.ts';
import {
  type AuditEvent,
  type AuditRecord,
  hashOfRecord,
} from '../../../lambdas/shared/domain/audit/audit-record.ts';
import { requestRowSchema } from '../../../lambdas/shared/domain/request-row.ts';
import { serveProxyEvents } from '../../../lambdas/shared/http/serve-proxy-events.ts';
import { ofBank } from '../../support/bank.ts';

const ULID = '01JD3Z9Q2N8K4V6B1C5D7E9F0';
const idOf = (principal: string, last = 'G') => `${principal}-${ULID}${last}`;

/** Chains of the log, each linked and, as far as these tests go, genuine. */
function logOf(events: readonly [chain: string, event: AuditEvent, minute: number][]): AuditRecord[] {
  const ends = new Map<string, AuditRecord>();
  return events.map(([chain, event, minute]) => {
    const before = ends.get(chain);
    const unhashed = {
      chain,
      seq: (before?.seq ?? 0) + 1,
      eventId: `${idOf(chain)}#${event}#${minute}`,
      requestId: idOf(chain),
      event,
      at: new Date(Date.UTC(2026, 10, 29, 12, minute)).toISOString(),
      facts: { minute },
      previousHash: before?.hash ?? `sha256:${'0'.repeat(64)}`,
    };
    const record = { ...unhashed, hash: hashOfRecord(unhashed), mac: 'genuine' };
    ends.set(chain, record);
    return record;
  });
}

const LOG = logOf([
  ['analyst1', 'requested', 1],
  ['employee1', 'requested', 2],
  ['analyst1', 'decided', 3],
  ['analyst1', 'issued', 3],
  ['employee1', 'denied', 4],
  ['analyst1', 'revoked', 5],
]);

const rowOf = (principalId: string, more: object = {}) =>
  requestRowSchema.parse({
    requestId: idOf(principalId),
    principalId,
    reason: 'The weekly report needs it.',
    dryRun: false,
    status: 'ISSUED',
    createdAt: '2026-11-29T12:00:00.000Z',
    updatedAt: '2026-11-29T12:00:00.000Z',
    version: 1,
    live: 'live',
    liveUntil: '2026-11-29T13:00:00.000Z',
    ttl: 2_000_000_000,
    ...more,
  });
const ROWS = [
  rowOf('analyst1'),
  rowOf('employee1'),
  rowOf('customer_support_agent', { subject: { issuer: 'https://issuer.example', id: 'c-1042' } }),
];

async function call(who: string, path: string, query: Record<string, string> = {}, log = LOG) {
  const handler = serveProxyEvents(() =>
    makeReadRecords({
      principals: { findByAwsArn: async () => ofBank(who) },
      allPrincipals: {
        async *ids() {
          yield* ['analyst1', 'employee1'];
        },
      },
      requests: {
        get: async (id) => ROWS.find(({ requestId }) => requestId === id),
        async *live() {
          yield* ROWS;
        },
      },
      audit: {
        ofRequest: async (id) => log.filter(({ requestId }) => requestId === id),
        async *newestFirst(chain, { to } = {}) {
          yield* log.filter((record) => record.chain === chain && (!to || record.at <= to)).reverse();
        },
        async *itemsOf(chain, after = 0) {
          yield* log.filter((record) => record.chain === chain && record.seq > after);
        },
      },
      isGenuine: async (_, mac) => mac === 'genuine',
      approverGroups: () => ['approvers'],
      clock: () => new Date('2026-11-29T12:30:00Z'),
      log: () => {},
    }),
  );
  const fixture = JSON.parse(
    readFileSync(new URL('../../cases/events-api/assumed-role.json', import.meta.url), 'utf8'),
  );
  const multiValueQueryStringParameters = Object.fromEntries(
    Object.entries(query).map(([name, value]) => [name, [value]]),
  );
  const event = { ...fixture, httpMethod: 'GET', path, body: null, multiValueQueryStringParameters };
  const { statusCode, body } = (await handler(event)) as { statusCode: number; body: string };
  return { status: statusCode, body: JSON.parse(body) };
}

describe('live sessions', () => {
  it.each([
    ['analyst1', ['analyst1'], false],
    ['customer_support_agent', [], false],
    ['auditor1', ['analyst1', 'employee1', 'customer_support_agent'], false],
    ['approver1', ['analyst1', 'employee1', 'customer_support_agent'], true],
    ['suspended1', [], false],
  ])('%s', async (who, principals, mayEndOthers) => {
    const { body } = await call(who, '/sessions');
    const answer = liveSessionsSchema.parse(body);
    expect(answer.sessions.map(({ principalId }) => principalId)).toEqual(principals);
    expect([answer.mayEndOthers, answer.complete]).toEqual([mayEndOthers, true]);
  });
});

describe('the way of a request', () => {
  it.each([
    ['analyst1', 'analyst1', 200],
    ['employee1', 'analyst1', 404],
    ['approver1', 'analyst1', 404],
    ['auditor1', 'analyst1', 200],
    ['customer_support_agent', 'customer_support_agent', 404],
    ['auditor1', 'customer_support_agent', 200],
  ])('is read by %s, of one of %s: %i', async (who, whose, status) => {
    expect((await call(who, `/requests/${idOf(whose)}/execution`)).status).toBe(status);
  });

  it('is its records, in order, and the states they were written by', async () => {
    const { body } = await call('analyst1', `/requests/${idOf('analyst1')}/execution`);
    const { records, steps } = executionViewSchema.parse(body);
    expect(records.map(({ event }) => event)).toEqual(['requested', 'decided', 'issued', 'revoked']);
    expect(steps.map(({ state, mark }) => `${state} ${mark}`)).toEqual(['LoadPolicy done', 'Issued ended']);
  });

  it.each<[Parameters<typeof courseOf>[0], AuditEvent[], string]>([
    ['PENDING', [], 'LoadPolicy done, ReviewRequest now'],
    [
      'AWAITING_APPROVAL',
      ['requested', 'reviewed', 'validated', 'approval_asked'],
      'LoadPolicy done, ReviewRequest done, ValidateDecision done, RequestApproval now',
    ],
    [
      'AWAITING_APPROVAL',
      ['requested', 'approval_asked', 'voted'],
      'LoadPolicy done, RequestApproval done, TallyVotes done, RequestApproval now',
    ],
    ['READY', ['requested', 'decided'], 'LoadPolicy done, AwaitClaim now'],
    [
      'DENIED',
      ['requested', 'reviewed', 'reviewed', 'denied'],
      'LoadPolicy done, ReviewRequest done, Denied ended',
    ],
  ])('%s after %j', (status, events, course) => {
    const steps = courseOf(
      status,
      events.map((event) => ({ event, at: '2026-11-29T12:00:00.000Z' })),
    );
    expect(steps.map(({ state, mark }) => `${state} ${mark}`).join(', ')).toBe(course);
  });
});

describe('the log', () => {
  const namesOf = (body: unknown) =>
    auditPageSchema.parse(body).records.map(({ chain, event }) => `${chain} ${event}`);
  const ALL = [
    'analyst1 revoked',
    'employee1 denied',
    'analyst1 issued',
    'analyst1 decided',
    'employee1 requested',
    'analyst1 requested',
  ];

  it('is read newest first across chains, page by page, each record once', async () => {
    for (const limit of ['1', '2', '4', '100']) {
      const found: string[] = [];
      let cursor: string | undefined;
      do {
        const { body } = await call('auditor1', '/audit', { limit, ...(cursor && { cursor }) });
        found.push(...namesOf(body));
        cursor = body.nextCursor;
      } while (cursor);
      expect(found).toEqual(ALL);
    }
  });

  it.each([
    [{ words: 'DENIED' }, ['employee1 denied']],
    [{ principal: 'employee1' }, ['employee1 denied', 'employee1 requested']],
    [{ request: idOf('employee1') }, ['employee1 denied', 'employee1 requested']],
    [{ from: '2026-11-29T12:04:00.000Z' }, ['analyst1 revoked', 'employee1 denied']],
    [{ from: '2026-11-29T13:04:00+01:00' }, ['analyst1 revoked', 'employee1 denied']],
    [{ to: '2026-11-29T12:01:00.000Z' }, ['analyst1 requested']],
    [{ words: 'nothing like it' }, []],
  ])('is searched: %j', async (query, found) => {
    expect(namesOf((await call('auditor1', '/audit', query)).body)).toEqual(found);
  });

  it('people read of themselves, and of others only auditors', async () => {
    expect(namesOf((await call('employee1', '/audit')).body)).toEqual([
      'employee1 denied',
      'employee1 requested',
    ]);
    for (const [who, query] of [
      ['employee1', { principal: 'analyst1' }],
      ['employee1', { request: idOf('analyst1') }],
      ['employee1', { principal: '_config' }],
      ['customer_support_agent', {}],
      ['suspended1', {}],
    ] as const) {
      const { status, body } = await call(who, '/audit', query);
      expect([status, body.code]).toEqual([403, 'auditor_required']);
    }
  });

  it.each(['nothing', 'e30', '\'"><script>'])('takes no cursor of another list: %s', async (cursor) => {
    const { status, body } = await call('auditor1', '/audit', { cursor });
    expect([status, body.code]).toEqual([400, 'invalid_request']);
  });

  it('is verified, and what was altered in it is named', async () => {
    const good = verificationSchema.parse(
      (await call('auditor1', '/audit/verification', { principal: 'analyst1' })).body,
    );
    expect([good.last.seq, good.problem]).toEqual([4, undefined]);
    const altered = LOG.map((record) => (record.event === 'issued' ? { ...record, facts: {} } : record));
    const bad = verificationSchema.parse(
      (await call('auditor1', '/audit/verification', { principal: 'analyst1' }, altered)).body,
    );
    expect(bad).toMatchObject({ last: { seq: 2 }, problem: { seq: 3, problem: 'altered' } });
    const forged = LOG.map((record) => ({ ...record, mac: 'another' }));
    const { body } = await call('auditor1', '/audit/verification', { principal: 'analyst1' }, forged);
    expect(body.problem).toMatchObject({ seq: 1, problem: 'forged' });
    expect((await call('employee1', '/audit/verification', { principal: 'analyst1' })).status).toBe(403);
  });
});
