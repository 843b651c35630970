import * as z from 'zod';
import { digestOf } from '../digest.ts';

/** What an audit record tells of. */
const auditEventSchema = z.enum([
  'requested',
  'reviewed',
  'validated',
  'approval_asked',
  'escalated',
  'voted',
  'decided',
  'claimed',
  'issuing',
  'issued',
  'applied',
  'allowed',
  'denied',
  'expired',
  'cancelled',
  'failed',
  'revoked',
  'review_overdue',
  'session_reviewed',
  'policy_changed',
  'principal_changed',
  'template_changed',
  'person_joined',
  'person_moved',
  'person_left',
  'config_changed',
  'heads_announced',
  'suspended',
  'restored',
  'access_review_opened',
  'access_decided',
  'access_removed',
  'access_removal_refused',
  'access_review_ended',
]);
export type AuditEvent = z.infer<typeof auditEventSchema>;

/** An event to record: which request, what happened, and the facts of it. */
export type AuditEntry = {
  /** The principal whose chain it belongs to. */
  readonly chain: string;
  readonly requestId: string;
  readonly event: AuditEvent;
  /** Tells repeated events of one request apart (attempt, tier, voter); the same words twice are one event. */
  readonly occurrence?: string;
  readonly facts: Record<string, unknown>;
};

/** Records that are appended in one go: of one step, or of several that ran at once. */
export const MOST_TOGETHER = 20;
const HASH = /^sha256:[0-9a-f]{64}$/;

export const auditRecordSchema = z.object({
  /** One chain per principal, and one for the configuration (`CONFIG_CHAIN`). */
  chain: z.string(),
  /** 1, 2, 3 … without a gap. */
  seq: z.number().int().min(1),
  /** `<requestId>#<event>#<n>`: running a handler twice finds it and appends nothing. */
  eventId: z.string(),
  requestId: z.string(),
  event: auditEventSchema,
  at: z.iso.datetime(),
  /** Facts of the event; never credentials, tokens or raw errors. */
  facts: z.record(z.string(), z.unknown()),
  /** Hash of the record before; `sha256:` and 64 zeros for the first. */
  previousHash: z.string(),
  hash: z.string(),
  /** KMS HMAC over `textOfMac`, base64: only the broker's own functions can make one. */
  mac: z.string(),
  /** Hashes of the records that were appended in one go, this one's among them: one MAC is over them all. */
  together: z.array(z.string().regex(HASH)).min(2).max(MOST_TOGETHER).optional(),
});
export type AuditRecord = z.infer<typeof auditRecordSchema>;

/** Where a chain ended for whoever appended to it last. */
export const chainEndSchema = auditRecordSchema.pick({ seq: true, hash: true });
export type ChainEnd = z.infer<typeof chainEndSchema>;

/** The chain of changes to catalog, guardrails and tiers. No principal's id begins with an underscore. */
export const CONFIG_CHAIN = '_config';

/** The chain of changes to templates, which make people of the directory principals. */
export const TEMPLATES_CHAIN = '_templates';

/** The chain of access reviews: each decision on who could get what. */
export const ACCESS_REVIEWS_CHAIN = '_access_reviews';

/** The chain in which every signing of heads is announced, so that signed heads which go missing are missed. */
export const HEADS_CHAIN = '_heads';

/** The chain in which every restoration of tables is recorded, with what no longer stands because of it. */
export const RESTORED_CHAIN = '_restored';

export const FIRST_PREVIOUS_HASH = `sha256:${'0'.repeat(64)}`;

/** A record before its hash and MAC are known. */
export type UnhashedRecord = Omit<AuditRecord, 'hash' | 'mac' | 'together'>;

/** The record's hash: SHA-256 over the canonical JSON of everything in it but the hash and its MAC. */
export function hashOfRecord(record: UnhashedRecord): string {
  const { chain, seq, eventId, requestId, event, at: recordedAt, facts, previousHash } = record;
  return digestOf({ chain, seq, eventId, requestId, event, at: recordedAt, facts, previousHash });
}

/**
 * What the record's MAC is over: its hash, or the hashes of all that were appended with it, in their order. Undefined
 * where its own hash is not among them: then the MAC is not its own.
 */
export function textOfMac({
  hash,
  together = [hash],
}: Pick<AuditRecord, 'hash' | 'together'>): string | undefined {
  return together.includes(hash) ? together.join(' ') : undefined;
}
