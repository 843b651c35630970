import { expect, test } from 'vitest';
import { countDenial } from '../../../lambdas/shared/domain/limits/count-denial.ts';
import { makeAdmit } from '../../../lambdas/shared/requests/admit.ts';
import { makeFakeUsage } from './fake-usage.ts';
import { makeWorld } from './world.ts';

const body = { reason: 'Show the customer her balance' };
const SMALL = { requestsPerHour: 2, openRequests: 2, liveSessions: 2 };

/** A world whose people may ask twice, and its agents as often as they may. */
function smallWorld() {
  const usage = makeFakeUsage();
  const world = makeWorld();
  const { requests, clock } = world.ports;
  const limits = {
    version: 1 as const,
    human: SMALL,
    agent: { ...SMALL, requestsPerHour: 100 },
    suspension: { denials: 2, withinSeconds: 60, forSeconds: 600 },
  };
  Object.assign(world.ports, { admit: makeAdmit({ usage, requests, limits: () => limits, clock }) });
  return { ...world, usage, limits };
}

test('over its requests an hour, a principal is told what is allowed and when; nothing is recorded', async () => {
  const world = smallWorld();
  await world.ask({ as: 'employee1' });
  await world.ask({ as: 'employee1' });
  const answer = await world.call('POST /requests', { as: 'employee1', body });
  expect([answer.status, answer.body.code]).toEqual([429, 'limit_reached']);
  expect(answer.body.detail).toMatch(/^2 requests an hour are allowed; ask again after 2026/);
  expect(Number(answer.headers['retry-after'])).toBeGreaterThan(3500);
  expect([world.rows.size, world.started.length]).toEqual([2, 2]);
});

test('a repeat with its key is answered though the limit is reached', async () => {
  const world = smallWorld();
  const headers = { 'Idempotency-Key': 'order-66' };
  const first = await world.ask({ as: 'employee1', headers });
  await world.ask({ as: 'employee1' });
  expect(await world.ask({ as: 'employee1', headers })).toBe(first);
});

test('with too many open, another is let in once one is cancelled', async () => {
  const world = smallWorld();
  const first = await world.ask();
  await world.ask();
  const refused = await world.call('POST /requests', { body });
  expect([refused.status, refused.body.code, refused.headers['retry-after']]).toEqual([
    429,
    'limit_reached',
    undefined,
  ]);
  expect(refused.body.detail).toContain('cancel one');
  await world.call(`POST /requests/${first}/cancel`);
  await world.ask();
});

test('every way of asking is counted: a change, and asking and claiming in one call', async () => {
  const world = smallWorld();
  await world.ask({ as: 'employee1', query: { dryRun: 'true' } }).catch(() => {});
  const change = { kind: 'policy', target: 'analyst1', proposal: 'Be kind.', reason: body.reason };
  await world.call('POST /changes', { as: 'employee1', body: change });
  const answer = await world.call('POST /credentials', { as: 'employee1', body });
  expect([answer.status, answer.body.code]).toEqual([429, 'limit_reached']);
});

test('after many denials its requests are refused for a while; what it has, it still reads', async () => {
  const world = smallWorld();
  const made = await world.ask();
  const { id } = { id: made.slice(0, made.lastIndexOf('-')) };
  for (const requestId of [made, `${made.slice(0, -1)}Z`]) {
    const now = world.ports.clock();
    await world.usage.write(
      countDenial(await world.usage.get(id), { requestId }, world.limits.suspension, now),
    );
  }
  const answer = await world.call('POST /requests', { body });
  expect([answer.status, answer.body.code, answer.headers['retry-after']]).toEqual([
    403,
    'requests_suspended',
    '600',
  ]);
  expect(answer.body.detail).toMatch(/ask again after 2026-.*, or talk to the approvers\.$/);
  expect((await world.call(`GET /requests/${made}`)).status).toBe(200);
  await world.pass(600_000);
  await world.ask();
});
