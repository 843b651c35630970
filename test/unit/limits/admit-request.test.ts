import { describe, expect, test } from 'vitest';
import {
  admitRequest,
  dependsOnRows,
  type Pending,
} from '../../../lambdas/shared/domain/limits/admit-request.ts';
import { noUsage, suspensionAt, type Usage } from '../../../lambdas/shared/domain/limits/usage.ts';

const NOW = new Date('2026-11-20T12:00:30.000Z');
const LIMITS = { requestsPerHour: 3, openRequests: 2, liveSessions: 2 };
const id = (n: number) => `analyst1-01JD3Z9Q2N8K4V6B1C5D7E9F${String(n).padStart(2, '0')}`;
const ago = (seconds: number) => new Date(NOW.getTime() - seconds * 1000).toISOString();
const minute = (ago: number) => String(Math.floor(NOW.getTime() / 60_000) - ago);
const none = noUsage('analyst1');
const session = { requestId: id(1), opensSession: true };

/** Usage that holds these pending requests, and their rows beside it. */
function holding(...rows: Pending['row'][]): [Usage, Pending[]] {
  const pending = rows.map((row, n) => ({ entry: { requestId: id(n + 10), at: ago(900) }, row }));
  return [{ ...none, pending: pending.map(({ entry }) => entry) }, pending];
}
const admit = (usage: Usage, pending: readonly Pending[] = [], request = session) =>
  admitRequest(request, usage, pending, LIMITS, NOW);

const open = { status: 'PENDING', dryRun: false } as const;
const live = { status: 'ISSUED', dryRun: false, liveUntil: ago(-100) } as const;
const change = {
  kind: 'policy',
  target: 'analyst1',
  proposal: 'x',
  proposalDigest: 'x',
  baseVersion: 1,
} as const;
const revocation = { at: ago(1), by: 'admin' } as unknown as NonNullable<Pending['row']>['revocation'];

test('the first request of a principal is let in, and counted', () => {
  expect(admit(none)).toEqual({
    outcome: 'admitted',
    usage: { ...none, minutes: { [minute(0)]: 1 }, pending: [{ requestId: id(1), at: NOW.toISOString() }] },
  });
});

test('a request that was let in before is let in again, and counted once', () => {
  const once = admit({ ...none, minutes: { [minute(0)]: 1 } });
  if (once.outcome !== 'admitted') throw new Error('refused');
  expect(once.usage.minutes).toEqual({ [minute(0)]: 2 });
  expect(admit(once.usage)).toEqual({ outcome: 'admitted', usage: once.usage });
});

test('rows are read once they could make a difference; until then each is taken to be open', () => {
  const [holder] = holding({ ...open, status: 'DENIED' });
  const [two] = holding(open, open);
  expect([holder, two].map((usage) => dependsOnRows(usage, LIMITS))).toEqual([false, true]);
  expect(dependsOnRows(holder, { ...LIMITS, liveSessions: 1 })).toBe(true);
  expect(dependsOnRows(holder, { ...LIMITS, openRequests: 1 })).toBe(true);
  const unread = admitRequest(session, holder, undefined, LIMITS, NOW);
  expect(unread).toMatchObject({ usage: { pending: [{ requestId: id(10) }, { requestId: id(1) }] } });
  expect(admitRequest(session, two, undefined, LIMITS, NOW)).toMatchObject({ because: 'open_requests' });
  const changes = admitRequest(session, two, undefined, { ...LIMITS, openRequests: 9 }, NOW);
  expect(changes).toMatchObject({ because: 'live_sessions' });
});

describe('requests an hour', () => {
  test('up to the limit; the next one is told when the oldest minute has passed', () => {
    expect(admit({ ...none, minutes: { [minute(59)]: 2 } }).outcome).toBe('admitted');
    expect(admit({ ...none, minutes: { [minute(59)]: 1, [minute(7)]: 2 } })).toEqual({
      outcome: 'refused',
      because: 'requests_per_hour',
      detail: '3 requests an hour are allowed; ask again after 2026-11-20T12:01:00.000Z.',
      retryAfterSeconds: 30,
    });
  });

  test('what is older than an hour counts no more, and is forgotten', () => {
    const admitted = admit({ ...none, minutes: { [minute(60)]: 3, [minute(59)]: 1 } });
    expect(admitted).toMatchObject({ usage: { minutes: { [minute(59)]: 1, [minute(0)]: 1 } } });
    expect(Object.keys((admitted as { usage: Usage }).usage.minutes)).toHaveLength(2);
  });
});

describe('open requests', () => {
  test.each(['PENDING', 'AWAITING_APPROVAL', 'READY'] as const)('%s is open', (status) => {
    const full = holding({ ...open, status, dryRun: true }, { ...open, change });
    expect(admit(...full)).toEqual({
      outcome: 'refused',
      because: 'open_requests',
      detail: '2 open requests are allowed; wait until one is decided and claimed, or cancel one.',
    });
  });

  test.each(['DENIED', 'EXPIRED', 'CANCELLED', 'FAILED', 'APPLIED'] as const)(
    '%s is closed, and forgotten',
    (status) => {
      const [usage, pending] = holding(open, { ...open, status }, { ...live, status });
      const admitted = admit(usage, pending);
      expect(admitted).toMatchObject({ usage: { pending: [{ requestId: id(10) }, { requestId: id(1) }] } });
    },
  );

  test('one whose row is not there yet counts for a minute', () => {
    const inFlight = (seconds: number): [Usage, Pending[]] => {
      const entry = { requestId: id(10), at: ago(seconds) };
      const [usage, pending] = holding(open);
      return [{ ...usage, pending: [...usage.pending, entry] }, [...pending, { entry, row: undefined }]];
    };
    expect(admit(...inFlight(59.9)).outcome).toBe('refused');
    expect(admit(...inFlight(60)).outcome).toBe('admitted');
  });
});

describe('live sessions', () => {
  test('those that live, and those that open requests may become', () => {
    expect(admit(...holding(live, { ...live, liveUntil: ago(-50) }))).toEqual({
      outcome: 'refused',
      because: 'live_sessions',
      detail: '2 sessions are allowed at once, open requests counted; wait until one ends, or revoke one.',
      retryAfterSeconds: 50,
    });
    expect(admit(...holding(live, open))).toMatchObject({ because: 'live_sessions', retryAfterSeconds: 100 });
    expect(admit(...holding(live)).outcome).toBe('admitted');
  });

  test('until one is known to end, no time is named', () => {
    const refused = admitRequest(session, ...holding(open), { ...LIMITS, liveSessions: 1 }, NOW);
    expect(refused).toMatchObject({ because: 'live_sessions' });
    expect(refused).not.toHaveProperty('retryAfterSeconds');
  });

  test.each([
    ['ended', { ...live, liveUntil: NOW.toISOString() }],
    ['revoked', { ...live, revocation }],
    ['handed over without a time', { status: 'ISSUED', dryRun: false } as const],
    ['only tried', { ...open, dryRun: true }],
    ['a change', { ...open, change }],
  ])('one that is %s is none', (_, row) => {
    expect(admit(...holding(live, row)).outcome).toBe('admitted');
  });

  test('a change or a dry run is let in though no session would be', () => {
    const [usage, pending] = holding(live, live);
    expect(admit(usage, pending, { ...session, opensSession: false }).outcome).toBe('admitted');
  });
});

describe('a suspension', () => {
  const suspended = (seconds: number): Usage => ({
    ...none,
    suspension: { since: ago(900), until: ago(-seconds), requestIds: [id(9)] },
  });

  test('holds off every new request, and says until when', () => {
    expect(admit(suspended(30))).toEqual({
      outcome: 'refused',
      because: 'suspended',
      detail:
        'Too many requests were denied in a short time; ask again after 2026-11-20T12:01:00.000Z, or talk to the approvers.',
      retryAfterSeconds: 30,
    });
    expect(admit(suspended(0.001))).toMatchObject({ because: 'suspended', retryAfterSeconds: 1 });
  });

  test('is over by itself, and forgotten', () => {
    const admitted = admit(suspended(0));
    expect(admitted.outcome).toBe('admitted');
    expect(admitted).not.toHaveProperty('usage.suspension');
    expect(suspensionAt(none, NOW)).toBeUndefined();
  });
});
