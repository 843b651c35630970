import { createHash } from 'node:crypto';
import * as z from 'zod';
import type { Turn } from '../../console/chat/chat-agent.ts';
import type { RefusalCode } from './refusals.ts';

/** Messages of one conversation, and of one customer in a minute, whatever number of connections they open. */
export const MOST_SAID = 60;
export const MOST_A_MINUTE = 10;
/** Seconds for which an answer is waited for: longer than the worker may take. */
export const BUSY_SECONDS = 240;
/** Seconds after which a row goes by itself: longer than a connection can last, which is two hours. */
export const STAYS_SECONDS = 3 * 3600;
/** Seconds after it was made in which a connection must say who it is. */
export const FIRST_WORD_SECONDS = 60;
/** Turns that an agent is told of, and characters of one. */
const MOST_TURNS = 20;
const MOST_TEXT = 4000;

/** A conversation as it is between two messages. INVARIANT: who, and what was said: no token, no key, no session. */
export const conversationRowSchema = z.object({
  /** Digest of the customer's issuer and subject. */
  owner: z.string(),
  said: z.number().int(),
  /** The message that is being answered, and until when in seconds since the epoch. */
  run: z.string().optional(),
  busyUntil: z.number().optional(),
  turns: z.array(z.object({ who: z.enum(['customer', 'agent']), text: z.string() })).default([]),
  /** Entries that the page was shown: the next one's id. */
  entries: z.number().int().default(0),
});
export type ConversationRow = z.infer<typeof conversationRowSchema>;

/** A customer by one word, which tells nobody who they are. */
export const ownerOf = ({ issuer, id }: { readonly issuer: string; readonly id: string }): string =>
  createHash('sha256')
    .update(JSON.stringify([issuer, id]))
    .digest('hex');

/** Whether a connection may still begin: one that has waited is nobody's. Times in milliseconds. */
export const mayBegin = (connectedAtMs: number, nowMs: number): boolean =>
  nowMs - connectedAtMs <= FIRST_WORD_SECONDS * 1000;

/** Why a message is not taken into a conversation; `undefined` is none that there is. */
export function whyNotTaken(
  row: ConversationRow | undefined,
  { owner, nowSeconds }: { readonly owner: string; readonly nowSeconds: number },
): RefusalCode {
  if (!row) return 'late';
  if (row.owner !== owner) return 'another_customer';
  if (row.said >= MOST_SAID) return 'full';
  // What was in the way may have gone meanwhile: it is sent again then.
  return row.busyUntil !== undefined && row.busyUntil >= nowSeconds ? 'busy' : 'unavailable';
}

/** What the next agent is told of: the last turns, each cut. */
export const turnsAfter = (turns: readonly Turn[], more: readonly Turn[]): Turn[] =>
  [...turns, ...more].slice(-MOST_TURNS).map(({ who, text }) => ({ who, text: text.slice(0, MOST_TEXT) }));
