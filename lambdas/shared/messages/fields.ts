import type { types } from '@slack/bolt';
import { cut } from './rich-text.ts';

/** Plain text, within the length that its place takes. */
export const plain = (text: string, most = 2_000): types.PlainTextElement => ({
  type: 'plain_text',
  text: cut(text, most),
  emoji: false,
});

/** Longest modal title in Slack. */
const MOST_TITLE = 24;

/** A modal; with a submit button where it asks for something. */
export const modal = (
  head: { callbackId: string; title: string; metadata: string; submit?: string },
  blocks: types.KnownBlock[],
): types.ModalView => ({
  type: 'modal',
  callback_id: head.callbackId,
  title: plain(head.title, MOST_TITLE),
  private_metadata: head.metadata,
  ...(head.submit && { submit: plain(head.submit, MOST_TITLE) }),
  close: plain('Close', MOST_TITLE),
  blocks,
});

/** Where a six-digit code of an authenticator is entered. */
export const codeField = (optional: boolean): types.InputBlock => ({
  type: 'input',
  block_id: 'code',
  optional,
  label: plain('Code of your authenticator'),
  hint: plain(
    optional
      ? 'Leave it empty to approve without one: then somebody else has to approve with theirs.'
      : 'Six digits. A code counts once.',
  ),
  element: { type: 'plain_text_input', action_id: 'value', min_length: 6, max_length: 6 },
});

export const reasonField = (label: string, { optional = true, most = 600 } = {}): types.InputBlock => ({
  type: 'input',
  block_id: 'reason',
  optional,
  label: plain(label),
  element: { type: 'plain_text_input', action_id: 'value', multiline: true, max_length: most },
});

export const option = (value: string, text: string): types.PlainTextOption => ({
  value,
  text: plain(text, 75),
});

export const selectField = (
  blockId: string,
  label: string,
  options: types.PlainTextOption[],
  initial: types.PlainTextOption | undefined,
): types.InputBlock => ({
  type: 'input',
  block_id: blockId,
  label: plain(label),
  element: {
    type: 'static_select',
    action_id: 'value',
    options,
    ...(initial && { initial_option: initial }),
  },
});
