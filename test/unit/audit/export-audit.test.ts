import { expect, test } from 'vitest';
import { exportAudit } from '../../../clients/audit/export-audit.ts';
import type { AuditEvent, AuditRecord } from '../../../lambdas/shared/domain/audit/audit-record.ts';
import { REQUEST_ID } from '../../support/example-state.ts';

const HOSTILE = '=HYPERLINK("https://evil.example"),\n"a"';

const recordOf = (seq: number, event: AuditEvent, facts: Record<string, unknown> = {}): AuditRecord => ({
  chain: 'analyst1',
  seq,
  eventId: `${REQUEST_ID}#${event}#1`,
  requestId: REQUEST_ID,
  event,
  at: '2026-11-20T12:00:00.000Z',
  facts,
  previousHash: `sha256:${'0'.repeat(64)}`,
  hash: `sha256:${String(seq).padStart(64, '0')}`,
  mac: 'bWFj',
});

const grants = [{ resource: 'bank_operational_metrics', actions: ['dynamodb:GetItem', 'dynamodb:Query'] }];
const issued = recordOf(2, 'issued', {
  verdict: { outcome: 'grant', entitlement: { grants } },
  request: { reason: 'why' },
});
const RECORDS = [
  recordOf(1, 'requested', { request: { reason: HOSTILE } }),
  issued,
  recordOf(3, 'revoked', { reason: 'done' }),
  recordOf(4, 'denied', { verdict: { outcome: 'deny' } }),
  recordOf(5, 'policy_changed', { kind: 'policy', version: 4 }),
];

const logOf = (records: Iterable<unknown>) => ({
  chains: async () => ['analyst1'],
  async *itemsOf() {
    yield* records;
  },
});
const exported = (format: 'jsonl' | 'csv' | 'ocsf') => Array.fromAsync(exportAudit(logOf(RECORDS), format));

test('as JSON lines it is the records', async () => {
  const lines = await exported('jsonl');
  expect(lines.map((line) => JSON.parse(line))).toEqual(RECORDS);
  expect(lines.filter((line) => line.includes('\n'))).toEqual([]);
});

test('as CSV every cell is quoted, and none is a formula', async () => {
  const [header, ...lines] = await exported('csv');
  expect(header).toBe('at,chain,seq,event,requestId,outcome,reason,facts,hash');
  expect(lines[0]).toContain(`,"","'=HYPERLINK(""https://evil.example""),\n""a""",`);
  expect(lines[1]).toContain(',"grant","why",');
});

test('as OCSF, events have the class and the activity of the schema', async () => {
  const events = (await exported('ocsf')).map((line) => JSON.parse(line));
  expect(events.map(({ class_uid, activity_id, type_uid }) => [class_uid, activity_id, type_uid])).toEqual([
    [3005, 99, 300_599],
    [3005, 1, 300_501],
    [3005, 2, 300_502],
    [3005, 99, 300_599],
    [3004, 3, 300_403],
  ]);
  expect(events[1]).toMatchObject({
    category_uid: 3,
    severity_id: 1,
    status_id: 1,
    time: Date.parse('2026-11-20T12:00:00.000Z'),
    metadata: { product: { name: 'Postern' }, uid: issued.hash, correlation_uid: REQUEST_ID },
    user: { uid: 'analyst1' },
    privileges: ['dynamodb:GetItem', 'dynamodb:Query'],
    resources: [{ name: 'bank_operational_metrics' }],
    unmapped: { facts: issued.facts },
  });
  expect(events[3]).toMatchObject({ status_id: 2, severity_id: 2 });
  expect(events[4]).toMatchObject({ entity: { name: 'analyst1', type: 'policy' } });
});

test('it is read as fast as it is written: never more than the one record at hand', async () => {
  let read = 0;
  function* endless() {
    for (;;) {
      read += 1;
      yield recordOf(read, 'requested');
    }
  }
  let written = 0;
  for await (const line of exportAudit(logOf(endless()), 'jsonl')) {
    written += 1;
    expect(JSON.parse(line).seq).toBe(read);
    if (written === 1_000) break;
  }
  expect(read).toBe(1_000);
});

test('what is no record ends the export instead of being passed on', async () => {
  await expect(Array.fromAsync(exportAudit(logOf([{ chain: 'analyst1' }]), 'csv'))).rejects.toThrow(/seq/);
});
