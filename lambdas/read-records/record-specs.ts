import * as z from 'zod';
import { requestIdSchema, requestStatusSchema, subjectSchema } from '../shared/domain/access-request.ts';
import { auditRecordSchema } from '../shared/domain/audit/audit-record.ts';
import { CHAIN_PROBLEMS } from '../shared/domain/audit/verify-chain.ts';
import { principalIdSchema } from '../shared/domain/principal.ts';
import { grantSchema } from '../shared/domain/review.ts';
import type { OperationSpec } from '../shared/http/operation.ts';
import { STEP_NAMES } from './course-of-request.ts';

const chainSchema = z.string().regex(/^_?[a-z][a-z0-9_]{1,49}$/, 'must be a principal, or _config');
const cursor = (characters: number) =>
  z
    .string()
    .regex(new RegExp(`^[A-Za-z0-9_-]{1,${characters}}$`), 'is not a nextCursor of this list')
    .optional()
    .describe("The last answer's `nextCursor`.");
const nextCursor = z.string().optional().describe('Absent on the last page.');

/** A session that can still be used. */
const liveSessionSchema = z.object({
  requestId: requestIdSchema,
  principalId: principalIdSchema,
  subject: subjectSchema.pick({ issuer: true, id: true }).optional(),
  reason: z.string().describe('Untrusted text of whoever asked.'),
  grants: z.array(grantSchema),
  issuedTo: z.enum(['caller', 'gateway']),
  expiration: z.iso.datetime(),
});
export const liveSessionsSchema = z
  .object({
    sessions: z.array(liveSessionSchema),
    mayEndOthers: z.boolean().describe('Whether the caller may end sessions of others.'),
    complete: z.boolean().describe('False where there are more than are listed.'),
  })
  .meta({ id: 'LiveSessions' });
export type LiveSessions = z.infer<typeof liveSessionsSchema>;

export const listSessionsSpec = {
  id: 'listSessions',
  onlyAsks: true,
  method: 'GET',
  path: '/sessions',
  summary: 'Sessions that can still be used, the next to end first.',
  description:
    'Own ones; everybody’s for auditors, and for approvers and admins, who may end them. Of its own, those that were made for a signed-in user are left out.',
  signed: true,
  query: z.strictObject({}),
  body: z.undefined(),
  answers: { 200: { description: 'The sessions, at most 200.', schema: liveSessionsSchema } },
  problems: [],
} as const satisfies OperationSpec;

const stepSchema = z.object({
  state: z.enum(STEP_NAMES).describe('A state of the workflow.'),
  mark: z.enum(['done', 'now', 'ended']),
  at: z.iso.datetime().optional().describe('When it was recorded; absent where it is not yet.'),
});
const storyRecordSchema = auditRecordSchema.pick({
  chain: true,
  seq: true,
  event: true,
  at: true,
  facts: true,
});
export const executionViewSchema = z
  .object({
    requestId: requestIdSchema,
    status: requestStatusSchema,
    steps: z.array(stepSchema),
    records: z.array(storyRecordSchema).describe('What the audit log has of it, in order.'),
  })
  .meta({ id: 'Execution' });
export type ExecutionView = z.infer<typeof executionViewSchema>;

export const getExecutionSpec = {
  id: 'getExecution',
  onlyAsks: true,
  method: 'GET',
  path: '/requests/{id}/execution',
  summary: 'The way a request took, and where it is.',
  description:
    'Drawn from its row and the audit log. Its requester and auditors read it; one made for a signed-in user, auditors alone.',
  signed: true,
  query: z.strictObject({}),
  body: z.undefined(),
  answers: { 200: { description: 'The way it took.', schema: executionViewSchema } },
  problems: ['request_not_found'],
} as const satisfies OperationSpec;

export const auditPageSchema = z
  .object({ records: z.array(auditRecordSchema), nextCursor })
  .meta({ id: 'AuditPage' });
export type AuditPage = z.infer<typeof auditPageSchema>;

/** A time with any offset, as RFC 3339 allows; records are compared with it as they are written, in UTC. */
const momentSchema = z.iso.datetime({ offset: true }).transform((text) => new Date(text).toISOString());

export const listAuditSpec = {
  id: 'listAudit',
  onlyAsks: true,
  method: 'GET',
  path: '/audit',
  summary: 'Records of the audit log, newest first.',
  description:
    'Everybody’s for auditors; for people, what is recorded of themselves. A page can hold fewer records than `limit`; `nextCursor` says whether there are more.',
  signed: true,
  query: z.strictObject({
    principal: chainSchema.optional().describe('Of one principal; `_config` has what deployments changed.'),
    request: requestIdSchema.optional().describe('Of one request, all of them at once.'),
    from: momentSchema.optional(),
    to: momentSchema.optional(),
    words: z
      .string()
      .min(1)
      .max(200)
      .transform((text) => text.trim())
      .optional()
      .describe('That stand anywhere in the record.'),
    limit: z
      .string()
      .regex(/^([1-9][0-9]?|100)$/, 'must be a number, 1 to 100')
      .transform(Number)
      .optional()
      .describe('Most records to answer: 1 to 100, 50 unless told.'),
    cursor: cursor(400),
  }),
  body: z.undefined(),
  answers: { 200: { description: 'A page of records.', schema: auditPageSchema } },
  problems: ['auditor_required'],
} as const satisfies OperationSpec;

/** The end of what was found good; 0 before the first record. */
export const verifiedSchema = z.object({ seq: z.number().int().min(0), hash: z.string() });
export const verificationSchema = z
  .object({
    chain: z.string(),
    last: verifiedSchema.describe('The last record that was found good.'),
    problem: z
      .object({ seq: z.number().int(), problem: z.enum(CHAIN_PROBLEMS), eventId: z.string().optional() })
      .optional()
      .describe('The first record that is not as it was written.'),
    nextCursor,
  })
  .meta({ id: 'Verification' });
export type Verification = z.infer<typeof verificationSchema>;

export const verifyAuditSpec = {
  id: 'verifyAudit',
  onlyAsks: true,
  method: 'GET',
  path: '/audit/verification',
  summary: 'Whether a chain of the audit log is as it was written, a thousand records at a time.',
  description:
    'Hashes, links and MACs. What the archive and the signed heads say beside it, `postern audit verify` holds against it.',
  signed: true,
  query: z.strictObject({
    principal: chainSchema.optional().describe('Whose chain; the caller’s own unless told.'),
    cursor: cursor(400),
  }),
  body: z.undefined(),
  answers: { 200: { description: 'How far it is good.', schema: verificationSchema } },
  problems: ['auditor_required'],
} as const satisfies OperationSpec;

export const RECORD_SPECS: readonly OperationSpec[] = [
  listSessionsSpec,
  getExecutionSpec,
  listAuditSpec,
  verifyAuditSpec,
];
