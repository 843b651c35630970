import type { SFNClient } from '@aws-sdk/client-sfn';
import { expect, test } from 'vitest';
import { makeDeliverCallback } from '../../../lambdas/events/deliver-callback/deliver-callback.ts';
import type { CallbackToken } from '../../../lambdas/shared/adapters/tables/callbacks-table.ts';
import { makeCallersTasks } from '../../../lambdas/shared/adapters/workflows/callers-tasks.ts';
import { type RequestStatus, requestStatusSchema } from '../../../lambdas/shared/domain/access-request.ts';
import { DECIDED_STATUSES } from '../../../lambdas/shared/domain/callback.ts';
import type { RequestRow } from '../../../lambdas/shared/domain/request-row.ts';

const requestId = 'payments_report-01JD3Z9Q2N8K4V6B1C5D7E9F0G';
const TOKEN: CallbackToken = { taskToken: 'a-task-token', ttl: 1_800_000_000 };
const EVENT = { 'detail-type': 'Request status', detail: { requestId, status: 'READY' } };

/** A request in this status, and a Step Functions that answers each call with an error of these names, if any. */
function makeWorld(status: RequestStatus, ...errors: (string | undefined)[]) {
  const sent: unknown[] = [];
  const settled: unknown[] = [];
  const logged: unknown[] = [];
  let token: CallbackToken | undefined = TOKEN;
  const client = {
    async send({ constructor: { name }, input }: { constructor: { name: string }; input: unknown }) {
      sent.push([name, input]);
      const error = errors.shift();
      if (error) throw Object.assign(new Error('its message quotes a-task-token'), { name: error });
    },
  } as unknown as SFNClient;
  const run = makeDeliverCallback({
    requests: { get: async () => ({ requestId, status }) as RequestRow },
    callbacks: {
      getToken: async () => token,
      async settle(...settlement) {
        settled.push(settlement);
        token = undefined;
      },
    },
    tasks: makeCallersTasks({ client }),
    clock: () => new Date('2026-11-20T22:00:00.000Z'),
    log: (facts) => logged.push(facts),
  });
  return { run: (event: unknown = EVENT) => run(event), sent, settled, logged };
}

test.each(['READY', 'ISSUED', 'APPLIED'] as const)(
  '%s completes the task, without a secret',
  async (status) => {
    const { run, sent, settled } = makeWorld(status);
    expect(await run()).toEqual({ settlement: 'delivered' });
    const output = JSON.stringify({ requestId, status });
    expect(sent).toEqual([['SendTaskSuccessCommand', { taskToken: TOKEN.taskToken, output }]]);
    expect(settled).toEqual([[requestId, TOKEN, 'delivered', new Date('2026-11-20T22:00:00.000Z')]]);
  },
);

test.each([
  ['DENIED', 'PosternDenied'],
  ['EXPIRED', 'PosternExpired'],
  ['CANCELLED', 'PosternCancelled'],
  ['FAILED', 'PosternFailed'],
] as const)('%s fails it with %s', async (status, error) => {
  const { run, sent } = makeWorld(status);
  expect(await run()).toEqual({ settlement: 'delivered' });
  const cause = JSON.stringify({ requestId, status });
  expect(sent).toEqual([['SendTaskFailureCommand', { taskToken: TOKEN.taskToken, error, cause }]]);
});

test.each(['PENDING', 'AWAITING_APPROVAL'] as const)(
  '%s tells nobody yet, and keeps the token',
  async (status) => {
    const { run, sent, settled } = makeWorld(status);
    expect([await run(), sent, settled]).toEqual([{ settlement: 'none' }, [], []]);
  },
);

test('every status is either decided or not', () => {
  const open: RequestStatus[] = ['PENDING', 'AWAITING_APPROVAL'];
  // A call's, which a gateway waits for at the API: it brings no callback.
  const ofCalls: RequestStatus[] = ['ALLOWED'];
  expect([...DECIDED_STATUSES, ...open, ...ofCalls].sort()).toEqual([...requestStatusSchema.options].sort());
});

test('what comes again finds no token, and tells nobody', async () => {
  const { run, sent } = makeWorld('READY');
  await run();
  expect(await run()).toEqual({ settlement: 'none' });
  expect(sent).toHaveLength(1);
});

test('Step Functions is down: the call fails and keeps the token, and the next one tells', async () => {
  const { run, sent, settled } = makeWorld('READY', 'ServiceUnavailable');
  await expect(run()).rejects.toThrow('Step Functions: ServiceUnavailable');
  expect(settled).toEqual([]);
  expect(await run()).toEqual({ settlement: 'delivered' });
  expect(sent).toHaveLength(2);
});

test.each([
  ['TaskTimedOut', 'gone'],
  ['TaskDoesNotExist', 'gone'],
  ['InvalidToken', 'refused'],
  ['AccessDeniedException', 'refused'],
])('%s will not change: it is noted as %s, and not tried again', async (error, settlement) => {
  const { run, settled } = makeWorld('READY', error);
  expect(await run()).toEqual({ settlement });
  expect(settled).toMatchObject([[requestId, TOKEN, settlement, {}]]);
  expect(await run()).toEqual({ settlement: 'none' });
});

test('nothing that is logged or thrown holds the token', async () => {
  const { run, logged } = makeWorld('READY', 'ServiceUnavailable');
  const failure = await run().catch((error: Error) => `${error.name} ${error.message}`);
  await run();
  expect(JSON.stringify([failure, logged])).not.toContain(TOKEN.taskToken);
});

test('an event of another kind is refused', async () => {
  await expect(makeWorld('READY').run({ detail: { requestId } })).rejects.toThrow();
});
