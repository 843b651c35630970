import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { RequestRow } from '../../../lambdas/shared/domain/request-row.ts';
import type { Vote } from '../../../lambdas/shared/domain/vote.ts';
import { serveEvents } from '../../../slack-app/serve-events.ts';
import { approvalAsk, askedRow, voteOf } from '../../support/asked-row.ts';
import { NOW } from '../../support/example-state.ts';
import { newWorld, portsOver, SIGNING_SECRET, type SlackWorld, signedCall } from './slack-world.ts';

const FOLDER = 'test/cases/events';
const NAMES = readdirSync(FOLDER).map((file) => file.replace(/\.json$/, ''));

let world: SlackWorld;
let effects: string[];
beforeEach(() => {
  world = newWorld();
  ({ effects } = world);
});

const serve = (before: readonly Vote[] = []) =>
  serveEvents(portsOver(world, before), async () => SIGNING_SECRET);

type Recorded = { contentType: string; body: string };
const recorded = (name: string): Recorded =>
  JSON.parse(readFileSync(join(FOLDER, `${name}.json`), 'utf8')) as Recorded;

const eventOf = ({ contentType, body }: Recorded, change?: (signature: string) => string) =>
  signedCall(contentType, body, change);

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
  world.now = new Date(NOW.getTime() + off);
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
  world.row = askedRow({ approval: { ...approvalAsk, quorum: { approvals: 2, stepUp: 1 } } });
  await serve()(eventOf(recorded('approve')));
  expect(effects).toEqual(['opened approve_with_code']);
});

test.each(['READY', 'DENIED', 'CANCELLED', 'EXPIRED', 'FAILED'] as const)(
  'a vote on a request that is %s changes nothing, and says so',
  async (status) => {
    world.row = askedRow({ status });
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
  world.row = askedRow(issued);
  await serve()(eventOf(recorded('submit-revocation')));
  expect(effects).toEqual([
    `revoking ${JSON.stringify({
      requestId: world.row.requestId,
      by: 'approver1',
      because: '<!channel> *No* <https://evil.example|click>',
      everySession: false,
    })}`,
  ]);
});

test.each(['U0EMPLOYEE1', 'U0SUSPENDED1', 'U0SOMEBODY'])('%s ends nobody else’s session', async (userId) => {
  world.row = askedRow(issued);
  const { contentType, body } = recorded('submit-revocation');
  const { body: answer } = (await serve()(
    eventOf({ contentType, body: body.replaceAll('U0APPROVER1', userId) }),
  )) as { body: string };
  expect(effects).toEqual([]);
  expect(answer).toMatch(/Nothing was changed|belongs to no active principal/);
});

test('a session that is revoked is not ended again', async () => {
  world.row = askedRow({
    ...issued,
    revocation: { revokedAt: NOW.toISOString(), by: 'admin', scope: 'session' },
  });
  const { body } = (await serve()(eventOf(recorded('submit-revocation')))) as { body: string };
  expect(body).toContain('revoked already');
  expect(effects).toEqual([]);
});

test('a session that is over is not ended again', async () => {
  world.row = askedRow({ ...issued, session: { ...issued.session, expiration: NOW.toISOString() } as never });
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
  world.row = askedRow({ approval: { ...approvalAsk, quorum: { approvals: 2, stepUp: 1 } } });
  const withCode = voteOf('approver2', 'bea', { stepUp: true });
  await serve([withCode])(eventOf(recorded('approve')));
  expect(effects[0]).toMatch(/^vote {"decision":"approve"/);
  expect(effects.join()).not.toContain('opened');
});

describe('what ends at the door', () => {
  const SIGNED = { statusCode: 401, body: '' };

  test('a broken signature is logged as such', async () => {
    await serve()(eventOf(recorded('approve'), broken));
    expect(world.logs).toEqual([{ event: 'call refused', because: 'signature' }]);
  });

  test('a replay is logged as such, and another call is none', async () => {
    const app = serve();
    await app(eventOf(recorded('details')));
    expect(await app(eventOf(recorded('details')))).toEqual(SIGNED);
    expect(world.logs).toEqual([{ event: 'call refused', because: 'replayed' }]);
    await app(eventOf(recorded('approve')));
    expect(effects.at(-1)).toMatch(/^whispered to U0APPROVER1: Your approval/);
  });

  test('what is no JSON is logged as such', async () => {
    expect(await serve()(eventOf(recorded('not-json')))).toEqual({ statusCode: 400, body: '' });
    expect(world.logs).toEqual([{ event: 'call refused', because: 'not JSON' }]);
  });

  test.each([undefined, {}, { path: 1 }, { path: '/', headers: { a: 1 } }])(
    '%j is no call',
    async (event) => {
      expect(await serve()(event)).toEqual({ statusCode: 400, body: '' });
    },
  );

  test.each([
    { path: '/slack/events' },
    { path: '/slack/events', headers: null, body: null },
    { path: '/slack/events', headers: {}, body: null, isBase64Encoded: true },
  ])('%j is a call that nobody signed', async (event) => {
    expect(await serve()(event)).toEqual(SIGNED);
  });

  test('no body at all is signed like an empty one', async () => {
    const { body: _, ...bodiless } = signedCall('application/json', '');
    expect((await serve()(bodiless).catch(() => 'taken')) ?? 'taken').not.toEqual(SIGNED);
    world.seen.clear();
    expect(await serve()({ ...bodiless, isBase64Encoded: true }).catch(() => 'taken')).not.toEqual(SIGNED);
  });
});
