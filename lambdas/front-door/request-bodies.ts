import { z } from 'zod';
import { requestStatusSchema } from '../shared/domain/access-request.ts';
import { principalIdSchema } from '../shared/domain/principal.ts';
import { isWellFormed, NOT_WELL_FORMED, newRequestSchema } from '../shared/requests/new-request.ts';

/** Characters of a proposed text; the workflow's own limit. */
export const MAX_PROPOSAL = 16_384;

/** Kept to the byte, blanks at its ends too: exactly this is reviewed, approved and applied. */
const proposalText = z
  .string()
  .max(MAX_PROPOSAL)
  .refine((text) => text.trim() !== '', 'must not be blank')
  .refine(isWellFormed, NOT_WELL_FORMED);

/** Any object: what a JWK must hold is checked apart, with a code of its own. */
const recipientKeyField = z
  .record(z.string(), z.unknown())
  .describe('The public half of a one-time key, as a JWK: X25519 or P-256. The answer is then sealed to it.');

export const newCredentialsSchema = newRequestSchema.extend({ recipientKey: recipientKeyField.optional() });
export const claimBodySchema = z.strictObject({ recipientKey: recipientKeyField.optional() }).optional();
export const cancelBodySchema = z.strictObject({}).optional();
export const revokeBodySchema = z
  .strictObject({
    reason: z
      .string()
      .trim()
      .min(3)
      .max(500)
      .refine(isWellFormed, NOT_WELL_FORMED)
      .optional()
      .describe('Why; required of anybody but the requester.'),
    everySession: z
      .boolean()
      .optional()
      .describe(
        'Agree to end every session of the role issued before now, where one more can no longer be denied alone.',
      ),
  })
  .optional();

export const newChangeSchema = z.strictObject({
  kind: z.enum(['policy', 'principal']),
  target: principalIdSchema.describe('The principal whose policy, or whose entry, is to change.'),
  proposal: z
    .union([proposalText, z.record(z.string(), z.unknown())])
    .describe('The whole new policy text, or the whole new principal (an object, or its JSON text).'),
  reason: newRequestSchema.shape.reason,
});

/** Whole seconds, as query parameters write them. */
const secondsSchema = z
  .string()
  .regex(/^(\d|1\d|2[0-5])$/, 'must be whole seconds, 0 to 25')
  .transform(Number);
const wait = secondsSchema
  .optional()
  .describe('Seconds to hold the answer while the request is PENDING: 0 to 25.');

export const waitQuerySchema = z.strictObject({ wait });
export const newRequestQuerySchema = z.strictObject({
  wait,
  dryRun: z
    .enum(['true', 'false'])
    .optional()
    .describe(
      '`true`: answers the verdict and the session policy that would be. Nobody is asked, nothing minted.',
    ),
});
export const noQuerySchema = z.strictObject({});

export const listQuerySchema = z.strictObject({
  status: requestStatusSchema.optional(),
  limit: z
    .string()
    .regex(/^([1-9]\d?|100)$/, 'must be a number, 1 to 100')
    .transform(Number)
    .optional()
    .describe('Most requests to answer: 1 to 100, 20 unless told.'),
  cursor: z.string().min(1).max(400).optional().describe("The last answer's `nextCursor`."),
  principal: principalIdSchema.optional().describe("Auditors only: another principal's requests."),
});
