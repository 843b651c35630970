import { MOST_MESSAGE } from '../../console/chat/chat-page.ts';

/** Why a message is not taken, as its page is told. */
const SENTENCES = {
  not_a_message: 'Not sent. This is no message of this chat.',
  too_long: `Not sent. Say something, in ${MOST_MESSAGE} characters at most.`,
  signed_out: 'Your sign-in has ended. Nothing was sent.',
  another_customer: 'This conversation is another customer’s. Nothing was sent.',
  late: 'This connection said nothing for too long. Send it again.',
  busy: 'Not sent. The agent is still at your last message.',
  full: 'Not sent. This conversation is full: load the page again to open another.',
  too_often: 'Not sent. That is a lot of messages: try again in a minute.',
  unavailable: 'The chat does not answer. Try again in a moment.',
  too_slow: 'The answer took too long. Say it again in a moment.',
} as const;
export type RefusalCode = keyof typeof SENTENCES;

/** Those after which a connection is closed: whoever made it is not who may go on with it. */
const CLOSES: ReadonlySet<RefusalCode> = new Set(['not_a_message', 'signed_out', 'another_customer', 'late']);

export const closesConnection = (code: RefusalCode): boolean => CLOSES.has(code);
export const refusal = (code: RefusalCode) => ({ kind: 'refused', code, say: SENTENCES[code] }) as const;
