import * as z from 'zod';
import { digestOf } from '../digest.ts';

const headSchema = z.object({ chain: z.string(), seq: z.number().int().min(1), hash: z.string() });

/** The last record of every chain at one time. */
const headsSchema = z.object({
  /** 1, 2, 3 … without a gap: its key in the archive. */
  number: z.number().int().min(1),
  at: z.iso.datetime(),
  /** Digest of the signed heads before; so that one cannot be taken out. */
  previous: z.string().optional(),
  heads: z.array(headSchema),
});
export type Heads = z.infer<typeof headsSchema>;

/** As archived: the heads, and a KMS signature (ECDSA over SHA-256, DER, base64) over their digest's text. */
export const signedHeadsSchema = z.object({ heads: headsSchema, signature: z.string() });
export type SignedHeads = z.infer<typeof signedHeadsSchema>;

/** What is signed: heads of any number are one short line. */
export const bytesOfHeads = (heads: Heads): Uint8Array =>
  new TextEncoder().encode(`postern audit heads ${digestOf(heads)}`);

/** What the heads after these name as `previous`. */
export const digestOfHeads = (signed: SignedHeads): string => digestOf(signed);
