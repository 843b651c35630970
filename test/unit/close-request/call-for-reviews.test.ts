import { beforeEach, expect, test } from 'vitest';
import {
  callForReviews,
  type ReviewingPorts,
} from '../../../lambdas/events/close-request/call-for-reviews.ts';
import type { AuditEntry, AuditRecord } from '../../../lambdas/shared/domain/audit/audit-record.ts';
import { DependencyUnavailable } from '../../../lambdas/shared/domain/errors.ts';
import type { RequestRow } from '../../../lambdas/shared/domain/request-row.ts';
import { grantedState, NOW, rowOf } from '../../support/example-state.ts';

const HOUR_MS = 3_600_000;
let rows: RequestRow[];
let recorded: AuditEntry[];
let paged: string[];
let alarms: number[];
let now: Date;
let sns: 'up' | 'down';
beforeEach(() => {
  const issuing = { attemptId: 'a', at: NOW.toISOString() };
  rows = [{ ...rowOf(grantedState(), { status: 'ISSUED' }), open: 'review', job: 'emergency', issuing }];
  [recorded, paged, alarms, now, sns] = [[], [], [], NOW, 'up'];
});

const ports: ReviewingPorts = {
  requests: {
    listUnreviewed: async () => rows.filter(({ open }) => open === 'review'),
    async transition(_, { set, remove }) {
      const [row] = rows;
      if (!row) return false;
      const next = { ...row, ...set };
      for (const key of remove ?? []) delete next[key];
      rows = [next];
      return true;
    },
  },
  audit: {
    async append(entry) {
      recorded.push(entry);
      return {} as AuditRecord;
    },
  },
  tiers: () => [
    { name: 'first', notifyTopicArn: 'arn:first' },
    { name: 'silent' },
    { name: 'second', notifyTopicArn: 'arn:second' },
  ],
  async page(topic, { subject }) {
    if (sns === 'down') throw new DependencyUnavailable('SNS: down');
    paged.push(`${topic} ${subject}`);
  },
  alarm: (level) => alarms.push(level),
  warn: () => {},
  clock: () => now,
};
async function after(hours: number): Promise<void> {
  now = new Date(NOW.getTime() + hours * HOUR_MS);
  await callForReviews(ports);
}

test('nothing within the hour; then once at each level, louder and to more', async () => {
  await after(0.5);
  expect([recorded, paged, alarms]).toEqual([[], [], []]);
  await after(1);
  await after(1.1);
  expect(paged).toEqual([expect.stringMatching(/^arn:first Postern: REVIEW analyst1-/)]);
  await after(4);
  expect(paged.slice(1)).toEqual([
    expect.stringMatching(/^arn:first Postern: REVIEW REVIEW /),
    expect.stringMatching(/^arn:second Postern: REVIEW REVIEW /),
  ]);
  await after(24);
  await after(25);
  await after(72);
  expect(alarms).toEqual([1, 2, 3, 5]);
  expect(recorded.map(({ event, occurrence }) => [event, occurrence])).toEqual([
    ['review_overdue', '1'],
    ['review_overdue', '2'],
    ['review_overdue', '3'],
    ['review_overdue', '5'],
  ]);
});

test('a review is recorded, and ends it', async () => {
  const remarks = 'The queries fit the incident.';
  rows = rows.map((row) => ({
    ...row,
    postReview: { by: 'auditor1', reviewedAt: NOW.toISOString(), remarks },
  }));
  await after(30);
  expect(recorded).toMatchObject([
    { chain: 'analyst1', event: 'session_reviewed', facts: { by: 'auditor1', remarks } },
  ]);
  expect(rows[0]?.open).toBeUndefined();
  await after(60);
  expect([recorded.length, alarms]).toEqual([1, []]);
});

test('a topic that cannot be told holds up neither the alarm nor the record', async () => {
  sns = 'down';
  await after(5);
  expect([alarms, recorded.length, rows[0]?.reviewLevel]).toEqual([[2], 1, 2]);
});
