import { expect, test } from 'vitest';
import { makeCheckSession } from '../../../lambdas/events/check-session/check-session.ts';
import {
  type AuditRecord,
  FIRST_PREVIOUS_HASH,
  hashOfRecord,
} from '../../../lambdas/shared/domain/audit/audit-record.ts';
import { entitlement, REQUEST_ID } from '../../support/example-state.ts';
import { testMacs } from '../../support/record-macs.ts';

const unsigned = {
  chain: 'analyst1',
  seq: 1,
  eventId: `${REQUEST_ID}#issuing#1`,
  requestId: REQUEST_ID,
  event: 'issuing' as const,
  at: '2026-11-20T12:00:00.000Z',
  facts: { sessionName: REQUEST_ID, entitlement },
  previousHash: FIRST_PREVIOUS_HASH,
};
const hash = hashOfRecord(unsigned);
const issuing: AuditRecord = { ...unsigned, hash, mac: await testMacs.make(hash) };
const checking = (record: AuditRecord) =>
  makeCheckSession({
    audit: { ofRequest: async (requestId) => (requestId === REQUEST_ID ? [record] : []) },
    isGenuine: testMacs.verify,
  });
const check = checking(issuing);

/** AssumeRole as CloudTrail tells it. */
const assumed = (changes: Record<string, unknown> = {}) => ({
  source: 'aws.sts',
  'detail-type': 'AWS API Call via CloudTrail',
  detail: {
    eventID: 'event-1',
    eventName: 'AssumeRole',
    requestParameters: {
      roleArn: entitlement.roleArn,
      roleSessionName: REQUEST_ID,
      sourceIdentity: 'analyst1',
      tags: [
        { key: 'postern:request-id', value: REQUEST_ID },
        { key: 'postern:principal', value: 'analyst1' },
      ],
      ...changes,
    },
  },
});

test('a session that the audit log tells of is as it should be', async () => {
  expect(await check(assumed())).toEqual({ recorded: true, eventId: 'event-1' });
});

test.each([
  ['of no request', { tags: undefined }],
  ['of a request that there is not', { tags: [{ key: 'postern:request-id', value: 'analyst1-01X' }] }],
  ['of another name than was recorded', { roleSessionName: 'admin' }],
  [
    'of another role than was recorded',
    { roleArn: 'arn:aws:iam::123456789012:role/postern-brokered-restricted' },
  ],
])('a session %s is not recorded', async (_, changes) => {
  expect(await check(assumed(changes))).toEqual({ recorded: false, eventId: 'event-1' });
});

test.each([
  ['a MAC that is not the broker’s', { mac: 'planted' }],
  ['a hash that is not its content’s', { facts: { ...issuing.facts, note: 'planted' } }],
])('a session whose record has %s is not recorded', async (_, changes) => {
  expect(await checking({ ...issuing, ...changes })(assumed())).toEqual({
    recorded: false,
    eventId: 'event-1',
  });
});

test('what is no AssumeRole of CloudTrail fails, and is kept for somebody to look at', async () => {
  await expect(check({ detail: {} })).rejects.toThrow();
});
