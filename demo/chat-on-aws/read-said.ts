import * as z from 'zod';
import { MOST_MESSAGE } from '../../console/chat/chat-page.ts';
import { MAX_TOKEN_LENGTH } from '../../lambdas/shared/adapters/identity/verify-jwt.ts';
import type { RefusalCode } from './refusals.ts';

/** Bytes of what a page sends: a token, and a message at four bytes a character. */
export const MOST_BYTES = 24 * 1024;

const saidSchema = z.strictObject({
  /** Of the customer, with every message: nothing that outlives one is ever kept of it. */
  token: z.string().min(1).max(MAX_TOKEN_LENGTH),
  say: z.string(),
});

export type Said = z.infer<typeof saidSchema>;

/** What a page sends: who says it, by their token, and what. Anything else is refused, whatever it is. */
export function readSaid(body: string | undefined): Said | RefusalCode {
  if (body === undefined || Buffer.byteLength(body) > MOST_BYTES) return 'not_a_message';
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return 'not_a_message';
  }
  const { data } = saidSchema.safeParse(value);
  if (!data?.say.isWellFormed()) return 'not_a_message';
  const say = data.say.replaceAll('\r\n', '\n').trim();
  if (say === '' || say.length > MOST_MESSAGE) return 'too_long';
  return { ...data, say };
}
