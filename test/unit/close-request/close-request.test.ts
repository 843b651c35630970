import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { makeCloseRequest } from '../../../lambdas/events/close-request/close-request.ts';
import { makeAuditTable } from '../../../lambdas/shared/adapters/audit/audit-table.ts';
import { makeRequestsTable } from '../../../lambdas/shared/adapters/tables/requests-table.ts';
import { DependencyUnavailable } from '../../../lambdas/shared/domain/errors.ts';
import { clock, grantedState, REQUEST_ID, rowOf } from '../../support/example-state.ts';
import { testMacs } from '../../support/record-macs.ts';
import { startTables } from '../../support/start-tables.ts';

let tables: Awaited<ReturnType<typeof startTables>>;
beforeAll(async () => {
  tables = await startTables();
});
afterAll(() => tables.close());

let id = 0;
let requestId = REQUEST_ID;
let events: string[];
let requests: ReturnType<typeof makeRequestsTable>;
beforeEach(async () => {
  id += 1;
  requestId = REQUEST_ID.slice(0, -2) + String(id).padStart(2, '0');
  events = [];
  requests = makeRequestsTable({ client: tables.client, tableName: 'requests', clock });
  await requests.create({ ...rowOf(grantedState()), requestId });
});

function step(stateOf: 'running' | 'ended' | 'lost' = 'ended', stuck: string[] = []) {
  const log = makeAuditTable({ client: tables.client, tableName: 'audit', mac: testMacs.make, clock });
  return makeCloseRequest({
    requests: {
      ...requests,
      listOpen: async () =>
        [...stuck, requestId].map((openId) => ({ ...rowOf(grantedState()), requestId: openId })),
    },
    audit: {
      async append(entry) {
        events.push(entry.event);
        return log.append(entry);
      },
    },
    executions: {
      async stateOf(name) {
        if (stuck.includes(name)) throw new DependencyUnavailable('Step Functions');
        return stateOf;
      },
    },
    callForReviews: async () => {},
    clock,
  });
}

const status = (ended: string, error?: string) => ({
  'detail-type': 'Step Functions Execution Status Change',
  detail: {
    name: requestId,
    executionArn: `arn:aws:states:eu-central-1:123456789012:execution:access-request:${requestId}`,
    status: ended,
    error,
  },
});
const sweep = { 'detail-type': 'Scheduled Event' };

test.each([
  ['FAILED', 'ReviewerUnavailable', 'reviewer_unavailable'],
  ['FAILED', 'TypeError', 'unexpected_error'],
  ['FAILED', undefined, 'execution_failed'],
  ['TIMED_OUT', undefined, 'execution_timed_out'],
  ['ABORTED', undefined, 'execution_aborted'],
])('an execution that ended %s closes its open row as FAILED', async (ended, error, because) => {
  await step()(status(ended, error));
  expect(await requests.get(requestId)).toMatchObject({ status: 'FAILED', closedBecause: because });
  expect(events).toEqual(['requested', 'failed']);
});

test('the event of a request that is closed already changes nothing', async () => {
  await requests.transition(requestId, {
    from: ['PENDING'],
    set: { status: 'DENIED', closedBecause: 'denied' },
  });
  await step()(status('FAILED'));
  expect((await requests.get(requestId))?.status).toBe('DENIED');
  expect(events).toEqual([]);
});

test('one that cannot be looked at keeps none after it open, and is told of', async () => {
  const stuck = [`${REQUEST_ID.slice(0, -2)}YY`];
  await expect(step('lost', stuck)(sweep)).rejects.toMatchObject({ name: 'DependencyUnavailable' });
  expect((await requests.get(requestId))?.status).toBe('FAILED');
});

test('a cancelled request gets its record, and leaves the sweep', async () => {
  await requests.transition(requestId, { from: ['PENDING'], set: { status: 'CANCELLED' } });
  await step()(status('ABORTED'));
  const row = await requests.get(requestId);
  expect(row?.status).toBe('CANCELLED');
  expect(row).not.toHaveProperty('open');
  expect(events).toEqual(['requested', 'cancelled']);
});

test.each([
  ['running', 'PENDING', undefined],
  ['lost', 'FAILED', 'execution_lost'],
  ['ended', 'FAILED', 'execution_ended'],
] as const)('the sweep finds an execution %s', async (stateOf, expected, because) => {
  await step(stateOf)(sweep);
  const row = await requests.get(requestId);
  expect([row?.status, row?.closedBecause]).toEqual([expected, because]);
});

test.each([
  [{}],
  [null],
  [{ ...sweep, 'detail-type': 'Other' }],
  [
    {
      'detail-type': 'Step Functions Execution Status Change',
      detail: { name: '../x', status: 'FAILED', executionArn: '' },
    },
  ],
])('an event of another shape is refused: %j', async (event) => {
  await expect(step()(event)).rejects.toThrow();
});
