import type { types } from '@slack/bolt';
import { plain } from './fields.ts';
import type { MessageContent } from './message-content.ts';
import { writeTarget } from './message-target.ts';

/** Whether a session stands that could be ended, and this is the message that led to it. */
const canRevoke = ({ row, tier }: MessageContent): boolean =>
  row.live !== undefined && row.approval.tier === tier;

/** Revoke…, in the message of the tier that decided, from the moment a session is issued until it is revoked. */
export function revokeButton(content: MessageContent): types.ActionsBlock[] {
  if (!canRevoke(content)) return [];
  const { requestId, asked } = content.row;
  const value = writeTarget({ requestId, tier: content.tier, proposalDigest: asked.proposalDigest });
  return [
    {
      type: 'actions',
      block_id: 'end',
      elements: [{ type: 'button', action_id: 'revoke', style: 'danger', text: plain('Revoke…'), value }],
    },
  ];
}
