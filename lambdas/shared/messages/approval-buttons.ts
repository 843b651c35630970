import type { types } from '@slack/bolt';
import { nameOfChange } from '../domain/bundle/bundle.ts';
import { nameOfCall } from '../domain/calls/held-call.ts';
import { accessLevelOf } from '../domain/catalog/catalog.ts';
import { grantsInShort } from './describe-grants.ts';
import { codesMissing } from './explain-approval.ts';
import { plain } from './fields.ts';
import type { MessageContent } from './message-content.ts';
import { writeTarget } from './message-target.ts';

/** Whether any action of the request changes something. */
function writes({ row, wording }: MessageContent): boolean {
  return row.asked.grants.some(({ resource, actions }) => {
    const entry = wording.catalog.get(resource);
    return actions.some((action) => entry === undefined || accessLevelOf(entry, action) !== 'read');
  });
}

/** Asked before an approval that lets something be changed; with a code, the modal is the question. */
function confirmation(content: MessageContent): types.ConfirmationDialog | undefined {
  const { row, wording } = content;
  if (codesMissing(content) > 0 || (!row.change && !row.call && !writes(content))) return undefined;
  const what = row.change
    ? `${nameOfChange(row.change)} ${row.change.kind === 'bundle' ? 'are written, all or none, word for word, as Details shows' : 'is replaced, word for word, by what the message shows'}.`
    : row.call
      ? `${row.principalId} calls ${nameOfCall(row.call)}, once, with the parameters that the message shows.`
      : `${row.principalId} will be able to ${grantsInShort(row.asked.grants, wording)}.`;
  return {
    title: plain(row.call ? 'Approve this call?' : 'Approve a change?'),
    text: plain(`If you approve, ${what}`, 300),
    confirm: plain('Approve'),
    deny: plain('Not yet'),
  };
}

/** Approve, Narrow…, Deny, Details. A change, or a call, is approved as it is or not at all: it has no Narrow. */
export function approvalButtons(content: MessageContent): types.ActionsBlock {
  const { row, tier } = content;
  const value = writeTarget({ requestId: row.requestId, tier, proposalDigest: row.asked.proposalDigest });
  const confirm = confirmation(content);
  const button = (actionId: string, words: string, more: Partial<types.Button> = {}): types.Button => ({
    type: 'button',
    action_id: actionId,
    text: plain(words),
    value,
    ...more,
  });
  return {
    type: 'actions',
    block_id: 'decide',
    elements: [
      button('approve', 'Approve', { style: 'primary', ...(confirm && { confirm }) }),
      ...(row.change || row.call ? [] : [button('narrow', 'Narrow…')]),
      button('deny', 'Deny', { style: 'danger' }),
      button('details', 'Details'),
    ],
  };
}
