import { expect, test } from 'vitest';
import { makeCheckSession } from '../../../lambdas/events/check-session/check-session.ts';
import type { AuditRecord } from '../../../lambdas/shared/domain/audit/audit-record.ts';
import { entitlement, REQUEST_ID } from '../../support/example-state.ts';

const issuing = {
  requestId: REQUEST_ID,
  event: 'issuing',
  facts: { sessionName: REQUEST_ID, entitlement },
} as unknown as AuditRecord;
const check = makeCheckSession({
  audit: { ofRequest: async (requestId) => (requestId === REQUEST_ID ? [issuing] : []) },
});

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

test('what is no AssumeRole of CloudTrail fails, and is kept for somebody to look at', async () => {
  await expect(check({ detail: {} })).rejects.toThrow();
});
