import { createHash, createPublicKey, verify } from 'node:crypto';
import * as z from 'zod';
import { subjectSchema } from '../access-request.ts';
import { asJson, canonicalJson } from '../digest.ts';
import { gatewaySessionIdSchema } from '../identity/gateway-session-id.ts';
import { principalIdSchema } from '../principal.ts';
import { FIRST_PREVIOUS_HASH } from './audit-record.ts';

/** An action of IAM's on a resource: its ARN, or `none`, or `unknown`. */
export const recordedNeedSchema = z.object({ action: z.string(), resource: z.string() });

/** What rules that are only observed would have made of a call: `refused`, `1 approval`; nothing was decided by it. */
const observedRulesSchema = z.object({ would: z.string(), rules: z.array(z.string()) });
export type ObservedRules = z.infer<typeof observedRulesSchema>;

/** What a record says. Neither bodies nor the values of parameters: only what was named, and the digest of what is archived. */
const factsSchema = z.object({
  callId: z.string(),
  principalId: principalIdSchema,
  subject: subjectSchema.optional(),
  service: z.string().optional(),
  operation: z.string().optional(),
  region: z.string().optional(),
  needs: z.array(recordedNeedSchema).optional(),
  /** The names of the parameters that were sent. */
  parameters: z.array(z.string()).optional(),
  /** Of the body, where all of it was read before it was forwarded. */
  bodySha256: z.string().optional(),
  /** The ids of the rules that decided. */
  rules: z.array(z.string()).optional(),
  /** Absent where no rule is observed, or they would have made the same of it. */
  observed: observedRulesSchema.optional(),
  /** The request whose session the call is made with. */
  requestId: z.string().optional(),
  /** The request by which people let this very call through, or are asked about it. */
  approval: z.string().optional(),
  /** Why it was refused. */
  because: z.string().optional(),
  httpStatus: z.number().int().optional(),
  bytesIn: z.number().int().optional(),
  bytesOut: z.number().int().optional(),
  milliseconds: z.number().optional(),
  awsRequestId: z.string().optional(),
  /** What it sent and was answered, in the archive: the digest of that text. */
  exchangeSha256: z.string().optional(),
});
export type CallFacts = z.infer<typeof factsSchema>;

export const callEventSchema = z.enum(['opened', 'held', 'intent', 'outcome', 'refused']);
export type CallEvent = z.infer<typeof callEventSchema>;

/**
 * One record of a gateway's session. `held` says that people are asked about a call. `intent` is durable before anything is forwarded, `outcome` follows; `refused`
 * stands for both where nothing was forwarded.
 */
export const callRecordSchema = z.object({
  session: gatewaySessionIdSchema,
  /** The place in the session: the replica's number, times `CHAIN_LENGTH`, and the place in its chain, from 1. */
  seq: z.number().int(),
  event: callEventSchema,
  at: z.iso.datetime(),
  facts: factsSchema,
  previousHash: z.string(),
  hash: z.string(),
  /** By the gateway's Ed25519 key, over the hash: base64url. */
  signature: z.string(),
});
export type CallRecord = z.infer<typeof callRecordSchema>;
type Unsigned = Omit<CallRecord, 'hash' | 'signature'>;

/** Records that one replica writes of one session at most. */
export const CHAIN_LENGTH = 1_000_000;

export const hashOfCall = (record: Unsigned): string =>
  `sha256:${createHash('sha256').update(canonicalJson(record)).digest('hex')}`;

/** The record that follows in a chain, signed. */
export function nextCallRecord(
  before: { readonly seq: number; readonly hash: string } | undefined,
  base: number,
  entry: Pick<CallRecord, 'session' | 'event' | 'facts'>,
  now: Date,
  sign: (hash: string) => string,
): CallRecord {
  const { session, event, facts } = entry;
  const unsigned = {
    session,
    seq: (before?.seq ?? base) + 1,
    event,
    at: now.toISOString(),
    facts: asJson(facts),
    previousHash: before?.hash ?? FIRST_PREVIOUS_HASH,
  };
  const hash = hashOfCall(unsigned);
  return { ...unsigned, hash, signature: sign(hash) };
}

/** What is wrong with the records of a session, by their places; empty where every chain is whole and signed. */
export function checkCalls(
  records: readonly CallRecord[],
  key: { kty: string; crv: string; x: string },
): string[] {
  const publicKey = createPublicKey({ key, format: 'jwk' });
  const faults: string[] = [];
  let before: CallRecord | undefined;
  for (const record of [...records].sort((left, right) => left.seq - right.seq)) {
    const { hash, signature, ...unsigned } = record;
    const place = `${record.session} ${record.seq}`;
    const begins = record.seq % CHAIN_LENGTH === 1;
    if (hashOfCall(unsigned) !== hash) faults.push(`${place}: altered`);
    if (!verify(null, Buffer.from(hash), publicKey, Buffer.from(signature, 'base64url'))) {
      faults.push(`${place}: not signed by this gateway`);
    }
    const expected = begins ? FIRST_PREVIOUS_HASH : before?.hash;
    const follows = begins || record.seq === (before?.seq ?? 0) + 1;
    if (!follows || record.previousHash !== expected) faults.push(`${place}: a record before it is missing`);
    before = record;
  }
  return faults;
}
