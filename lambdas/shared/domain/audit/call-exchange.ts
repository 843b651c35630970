import * as z from 'zod';
import { ARCHIVE_PREFIXES } from './archive-keys.ts';

/** A body as it is kept: masked, and no longer than is kept. */
const bodySchema = z.object({
  /** Of the body that went over the line. */
  bytes: z.number().int(),
  /** Where it is UTF-8; else `base64`. Neither where it was withheld. */
  text: z.string().optional(),
  base64: z.string().optional(),
  /** What is kept is its beginning. */
  truncated: z.literal(true).optional(),
  /** Why nothing of it is kept. */
  withheld: z.string().optional(),
});
export type ArchivedBody = z.infer<typeof bodySchema>;

const headersSchema = z.record(z.string(), z.union([z.string(), z.array(z.string())]));

/** What one call of a gateway's session sent and was answered, under the strictest masks. */
export const callExchangeSchema = z.object({
  version: z.literal(1),
  session: z.string(),
  callId: z.string(),
  service: z.string(),
  operation: z.string(),
  /** As the call was signed. */
  signingName: z.string(),
  region: z.string(),
  protocol: z.string(),
  request: z.object({
    method: z.string(),
    /** Still encoded, with its query; a stand-in where something in it is masked. */
    target: z.string(),
    headers: headersSchema,
    body: bodySchema,
    /** Something of it is masked: it cannot be sent again as it was. */
    masked: z.literal(true).optional(),
  }),
  /** None where the upstream did not answer. */
  answer: z.object({ status: z.number().int(), headers: headersSchema, body: bodySchema }).optional(),
});
export type CallExchange = z.infer<typeof callExchangeSchema>;

/** Where it is archived. */
export const keyOfExchange = (session: string, callId: string): string =>
  `${ARCHIVE_PREFIXES.calls}${session}/${callId}.json`;
