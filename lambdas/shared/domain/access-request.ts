import * as z from 'zod';
import { heldCallSchema } from './calls/held-call.ts';
import { jobNameSchema } from './jobs/job.ts';
import { referencesSchema } from './outside/references.ts';
import { principalIdSchema } from './principal.ts';

/** What a caller sees of a request. The first four are open, the others final (`ISSUED` is final too). */
export const requestStatusSchema = z.enum([
  'PENDING',
  'AWAITING_APPROVAL',
  'READY',
  'ISSUED',
  'APPLIED',
  'ALLOWED',
  'DENIED',
  'EXPIRED',
  'CANCELLED',
  'FAILED',
]);
export type RequestStatus = z.infer<typeof requestStatusSchema>;

/** The statuses in which an execution still works on the request. */
export const OPEN_STATUSES = ['PENDING', 'AWAITING_APPROVAL', 'READY'] as const satisfies RequestStatus[];
export const isOpen = (status: RequestStatus): boolean =>
  (OPEN_STATUSES as readonly RequestStatus[]).includes(status);

/** `<principal>-<ulid>`: the request's id, and its execution's name. At most 77 characters. */
export const requestIdSchema = z
  .string()
  .regex(/^[a-z][a-z0-9_]{1,49}-[0-9A-HJKMNP-TV-Z]{26}$/, 'a request id: <principal>-<ulid>');

/** The principal a request id names. The row is what counts; this is for keys and log lines. */
export function principalOfRequestId(requestId: string): string {
  return requestId.slice(0, requestId.lastIndexOf('-'));
}

/**
 * A signed-in end user, proved by a verified token. The id is the token's `sub`, any text there can be: where it
 * enters a policy or a session tag it is written as `subject-forms.ts` says, elsewhere it is carried as it is.
 * @see https://www.rfc-editor.org/rfc/rfc7519#section-4.1.2
 */
export const subjectSchema = z.strictObject({
  issuer: z.url().max(256),
  id: z
    .string()
    .min(1)
    .max(255)
    .refine((id) => id.isWellFormed(), 'must be well-formed Unicode'),
  /** What the token says of the user besides, by claim: those that issuers.json lists of its issuer. */
  attributes: z
    .record(
      z.string(),
      z
        .string()
        .min(1)
        .max(255)
        .refine((value) => value.isWellFormed(), 'must be well-formed Unicode'),
    )
    .optional(),
});
export type Subject = z.infer<typeof subjectSchema>;

/** One policy text, principal or template that is to be written. */
export const changePartSchema = z.strictObject({
  kind: z.enum(['policy', 'principal', 'template']),
  target: principalIdSchema,
  /** The whole new policy text, or the whole new principal or template as JSON text. */
  proposal: z.string().min(1).max(16_384),
  /** The version it was written against; 0 where the target does not exist yet. */
  baseVersion: z.number().int().min(0),
});
export type ChangePart = z.infer<typeof changePartSchema>;

/** Bytes of a bundle, as JSON within JSON: the workflow's state has room for them, and for what is decided on them. */
export const MOST_BUNDLE_BYTES = 98_304;

/**
 * A proposed policy text, principal or template, or a bundle of them that is applied all or nothing: exactly this is
 * reviewed, approved and applied.
 */
export const changeSchema = changePartSchema.extend({
  kind: z.enum([...changePartSchema.shape.kind.options, 'bundle']),
  /** As of a part; or the whole bundle as JSON text, see bundle.ts. */
  proposal: z.string().min(1).max(MOST_BUNDLE_BYTES),
  proposalDigest: z.string(),
});
export type Change = z.infer<typeof changeSchema>;

/** What the front door starts an execution with: who (from the signature), why, and for whom. */
export const accessRequestSchema = z.strictObject({
  requestId: requestIdSchema,
  principalId: principalIdSchema,
  reason: z.string().min(10).max(2000),
  durationSeconds: z.number().int().min(900).max(3600).optional(),
  subject: subjectSchema.optional(),
  /** The job of its principal that it asks for by name. */
  job: jobNameSchema.optional(),
  /** Tickets and the like, in the requester's own words. */
  references: referencesSchema.optional(),
  change: changeSchema.optional(),
  /** One call that a gateway holds. */
  call: heldCallSchema.optional(),
  /** Only the verdict is wanted: no approval is asked, nothing minted. */
  dryRun: z.boolean(),
  /** Claimed in the call that asked: the thumbprint (RFC 7638) of the key, which stands in the row. */
  claimAhead: z.string().optional(),
  createdAt: z.iso.datetime(),
});
export type AccessRequest = z.infer<typeof accessRequestSchema>;

/** Whether a model reviews it: a job was reviewed with the change that fixed it, and people decide on a call. */
export const isReviewedByModel = ({ call, job }: Pick<AccessRequest, 'call' | 'job'>): boolean =>
  call === undefined && job === undefined;
