import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeRequestsTable } from '../../../lambdas/shared/adapters/tables/requests-table.ts';
import type { AuditEntry } from '../../../lambdas/shared/domain/audit/audit-record.ts';
import type { RequestRow } from '../../../lambdas/shared/domain/request-row.ts';
import { type Closing, closeRow } from '../../../lambdas/write-log/close-row.ts';
import { clock, grantedState, NOW, REQUEST_ID, rowOf } from '../../support/example-state.ts';
import { startTables } from '../../support/start-tables.ts';

let tables: Awaited<ReturnType<typeof startTables>>;
beforeAll(async () => {
  tables = await startTables();
});
afterAll(() => tables.close());

const claimed = {
  status: 'READY',
  claim: {
    thumbprint: 'thumb',
    recipientKey: { kty: 'OKP', crv: 'X25519', x: 'A'.repeat(43) },
    claimedAt: NOW.toISOString(),
  },
} as const;
const session = {
  roleArn: 'arn:aws:iam::123456789012:role/postern-brokered',
  assumedRoleId: 'AROAEXAMPLE:x',
  assumedRoleArn: 'arn:aws:sts::123456789012:assumed-role/postern-brokered/x',
  accessKeyId: 'ASIAEXAMPLE',
  expiration: NOW.toISOString(),
  sessionName: 'x',
  sourceIdentity: 'analyst1',
  sealed: 'eyJ.ciphertext',
};

let id = 0;
/** Keeps a row, and answers what closes it and the events that were recorded. */
async function arrange(more: Partial<RequestRow>) {
  id += 1;
  const requestId = REQUEST_ID.slice(0, -2) + String(id).padStart(2, '0');
  const requests = makeRequestsTable({ client: tables.client, tableName: 'requests', clock });
  await requests.create({ ...rowOf(grantedState(), more), requestId });
  const events: string[] = [];
  const statusWhenRecorded: (string | undefined)[] = [];
  const close = (closing: Pick<Closing, 'outcome' | 'reason'>) =>
    closeRow(
      { ...closing, requestId, principalId: 'analyst1', facts: {} },
      {
        requests,
        audit: {
          async append(entry) {
            statusWhenRecorded.push((await requests.get(requestId))?.status);
            events.push(entry.event);
            return {} as never;
          },
        },
      },
    );
  return { requestId, requests, events, statusWhenRecorded, close };
}

const issued = { outcome: 'issued', reason: 'issued' } as const;
const denied = { outcome: 'denied', reason: 'guardrail_forbids' } as const;

test('the record is written while the row is still open', async () => {
  const { close, requests, requestId, events, statusWhenRecorded } = await arrange({ ...claimed, session });
  expect(await close(issued)).toMatchObject(issued);
  expect([events, statusWhenRecorded]).toEqual([['issued'], ['READY']]);
  expect((await requests.get(requestId))?.status).toBe('ISSUED');
});

test('without a record nothing is issued', async () => {
  const { requests, requestId } = await arrange({ ...claimed, session });
  const audit = { append: () => Promise.reject(new Error('down')) };
  await expect(
    closeRow({ ...issued, requestId, principalId: 'analyst1', facts: {} }, { requests, audit }),
  ).rejects.toThrow('down');
  expect((await requests.get(requestId))?.status).toBe('READY');
});

test('an issue without a claim or a session is refused', async () => {
  const { close, requests, requestId } = await arrange({ status: 'READY' });
  await expect(close(issued)).rejects.toMatchObject({
    name: 'RequestClosed',
    message: 'the request row is READY: it cannot be closed this way',
  });
  expect((await requests.get(requestId))?.status).toBe('READY');
});

test('a request cancelled meanwhile is never issued, and a denial leaves it cancelled', async () => {
  const first = await arrange({ status: 'CANCELLED' });
  await expect(first.close(issued)).rejects.toMatchObject({ name: 'RequestClosed' });
  expect(await first.close(denied)).toMatchObject({ outcome: 'cancelled' });
  expect(first.events).toEqual([]);
});

test('run twice, it records and closes once', async () => {
  const { close, events } = await arrange({ status: 'PENDING' });
  expect(await close(denied)).toEqual(await close(denied));
  expect(events).toEqual(['denied']);
});

test('ciphertext that will not be handed over is removed', async () => {
  const { close, requests, requestId } = await arrange({ ...claimed, session });
  await close({ outcome: 'failed', reason: 'dependency_unavailable' });
  expect(await requests.get(requestId)).not.toHaveProperty('session');
  expect(await requests.get(requestId)).not.toHaveProperty('open');
});

test('of a session that was issued the ciphertext stays, and the request is no open one', async () => {
  const { close, requests, requestId } = await arrange({ ...claimed, session });
  await close(issued);
  const row = await requests.get(requestId);
  expect(row).toHaveProperty('session');
  expect(row).not.toHaveProperty('open');
});

test('where its last record is known the row is not looked at first, and somebody else’s end counts all the same', async () => {
  const after = { seq: 3, hash: `sha256:${'0'.repeat(64)}` };
  const closing = { principalId: 'analyst1', facts: {}, after };
  const behind: unknown[] = [];
  const audit = {
    async append(_: AuditEntry, end: unknown) {
      behind.push(end);
      return {} as never;
    },
  };
  const open = await arrange({ ...claimed, session });
  expect(
    await closeRow({ ...closing, ...issued, requestId: open.requestId }, { requests: open.requests, audit }),
  ).toMatchObject(issued);
  const gone = await arrange({ status: 'CANCELLED', closedBecause: 'cancelled' });
  const ports = { requests: gone.requests, audit };
  await expect(closeRow({ ...closing, ...issued, requestId: gone.requestId }, ports)).rejects.toThrow(
    /^the request was cancelled before it could be issued$/,
  );
  expect(await closeRow({ ...closing, ...denied, requestId: gone.requestId }, ports)).toMatchObject({
    outcome: 'cancelled',
  });
  expect(behind).toEqual([after, after, after]);
});

test('an issue that was issued already is answered as that', async () => {
  const { close, events } = await arrange({ status: 'ISSUED', closedBecause: 'issued' });
  expect(await close(issued)).toMatchObject(issued);
  expect(events).toEqual([]);
});

test('a row that is not there keeps nobody waiting, and no session is issued without one', async () => {
  const requests = makeRequestsTable({ client: tables.client, tableName: 'requests', clock });
  const requestId = `${REQUEST_ID.slice(0, -2)}ZZ`;
  const events: string[] = [];
  const audit = {
    async append({ event }: AuditEntry) {
      events.push(event);
      return {} as never;
    },
  };
  const close = (closing: Pick<Closing, 'outcome' | 'reason'>) =>
    closeRow({ ...closing, requestId, principalId: 'analyst1', facts: {} }, { requests, audit });
  const failed = { outcome: 'failed', reason: 'execution_lost' } as const;
  expect(await close(failed)).toEqual({ requestId, ...failed });
  expect(events).toEqual(['failed']);
  expect(await requests.get(requestId)).toBeUndefined();
  await expect(close(issued)).rejects.toMatchObject({
    name: 'RequestClosed',
    message: 'the request row is not there: it cannot be closed this way',
  });
});
