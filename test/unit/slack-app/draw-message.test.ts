import { expect, test } from 'vitest';
import type { ApprovalMessage } from '../../../lambdas/shared/adapters/tables/approval-messages-table.ts';
import { drawMessage } from '../../../lambdas/shared/messages/draw-message.ts';
import { readWording } from '../../../lambdas/shared/messages/read-wording.ts';
import { askedRow } from '../../support/asked-row.ts';

const row = askedRow();
const second = askedRow({ requestId: 'customer_support_agent-01JD3Z9Q2N8K4V6B1C5D7E9F0H' });
const message: ApprovalMessage = {
  channel: 'C1',
  ts: '1.0',
  tier: 'access-approvers',
  proposalDigest: 'sha256:p',
  requestIds: [row.requestId],
};

test('a request that joins while the message is drawn is in the last picture', async () => {
  let kept = message;
  const pictures: string[] = [];
  await drawMessage(message, {
    messages: { get: async () => kept },
    requests: { get: async (id) => [row, second].find(({ requestId }) => requestId === id) },
    approvals: { listVotes: async () => [] },
    slack: {
      async update(_, { blocks }) {
        pictures.push(JSON.stringify(blocks));
        kept = { ...message, requestIds: [row.requestId, second.requestId] };
      },
    },
    wording: readWording,
    consoleUrl: undefined,
  });
  expect(pictures.map((picture) => picture.includes('1 more request for the very same'))).toEqual([
    false,
    true,
  ]);
});
