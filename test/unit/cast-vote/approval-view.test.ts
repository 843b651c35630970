import { expect, test } from 'vitest';
import { approvalViewOf } from '../../../lambdas/cast-vote/vote-views.ts';
import type { Change } from '../../../lambdas/shared/domain/access-request.ts';
import type { HeldCall } from '../../../lambdas/shared/domain/calls/held-call.ts';
import { requestRowSchema } from '../../../lambdas/shared/domain/request-row.ts';
import { type AskedRow, isAsked } from '../../../lambdas/shared/messages/message-content.ts';
import { voteOf } from '../../support/asked-row.ts';
import { makePasskey } from '../../support/make-passkey.ts';

const PRESSED = {
  proposalDigest: 'p',
  decision: 'approve' as const,
  tier: 'approvers',
  principalId: 'admin',
};
const NOW = '2026-11-20T22:00:00.000Z';
const CALL: HeldCall = {
  sessionId: 'gateway-01JABCDEFGHJKMNPQRSTVWXYZ0',
  accountId: '123456789012',
  region: 'eu-central-1',
  service: 'dynamodb',
  operation: 'DeleteItem',
  needs: [{ action: 'dynamodb:DeleteItem', on: 'arn:aws:dynamodb:eu-central-1:123456789012:table/x' }],
  parameters: '{"TableName":"x"}',
  digest: 'a'.repeat(43),
  quorum: { approvals: 1, stepUp: 0 },
  rules: ['deletes-need-a-person'],
};

/** A row of a gateway's call that people are asked about. */
function askedRow(): AskedRow {
  const row = requestRowSchema.parse({
    requestId: 'analyst1-01JABCDEFGHJKMNPQRSTVWXYZ0',
    principalId: 'analyst1',
    reason: 'The weekly report.',
    call: CALL,
    dryRun: false,
    status: 'AWAITING_APPROVAL',
    createdAt: NOW,
    updatedAt: NOW,
    version: 2,
    ttl: 0,
    approval: {
      ...{ tier: 'approvers', deadline: NOW, quorum: { approvals: 1, stepUp: 0 }, perGrant: [] },
      ...{ askedAt: NOW, reminded: false, waitSeconds: 60, nextTiers: [], history: [] },
    },
    asked: {
      proposalDigest: `sha256:${'0'.repeat(64)}`,
      basis: 'x',
      principalType: 'human',
      persons: ['ana'],
      concerned: [],
      grants: [],
    },
  });
  if (!isAsked(row)) throw new Error('nobody is asked');
  return row;
}

test('an approver is shown all of a held call but what binds the gateway to it', () => {
  const { digest: _, ...shown } = CALL;
  expect(approvalViewOf(askedRow(), []).call).toStrictEqual(shown);
});

test('of a change, what would be applied, and not what binds it', () => {
  const { call: _, ...row } = askedRow();
  const change: Change = {
    kind: 'policy',
    target: 'analyst1',
    proposal: 'Analysts read metrics.',
    proposalDigest: 'sha256:0',
    baseVersion: 1,
  };
  const { kind, target, proposal } = change;
  expect(approvalViewOf({ ...row, change }, []).change).toStrictEqual({ kind, target, proposal });
});

test('an approver is shown which of the votes a code or a passkey proved', () => {
  const { call: _, ...row } = askedRow();
  const assertion = makePasskey().press({ ...PRESSED, requestId: row.requestId });
  const votes = [
    voteOf('approver1', 'abe'),
    voteOf('approver2', 'bea', { stepUp: true }),
    voteOf('admin', 'ada', { stepUp: true, assertion }),
  ];
  const view = approvalViewOf(row, votes);
  expect(view.votes.map(({ provedBy }) => provedBy)).toEqual([undefined, 'code', 'passkey']);
  expect(JSON.stringify(view)).not.toContain('signature');
});
