import type { HeldCall } from '../../lambdas/shared/domain/calls/held-call.ts';

/** The deletion of a table, as a gateway tells it. */
export const heldCall: HeldCall = {
  sessionId: 'gateway-01KAE000000000000000000000',
  accountId: '123456789012',
  region: 'eu-central-1',
  service: 'dynamodb',
  operation: 'DeleteTable',
  needs: [
    { action: 'dynamodb:DeleteTable', on: 'arn:aws:dynamodb:eu-central-1:123456789012:table/support_drafts' },
  ],
  parameters: '{"TableName":"support_drafts"}',
  digest: 'A'.repeat(43),
  quorum: { approvals: 1, stepUp: 0 },
  rules: ['call-delete-table-needs-human'],
};
