import { z } from 'zod';
import { subjectTokenField } from '../http/caller-fields.ts';

/** Half a surrogate pair has no UTF-8 form: what is stored and digested would not be what was sent. */
export const isWellFormed = (text: string) => text.isWellFormed();
export const NOT_WELL_FORMED = 'must be well-formed Unicode';

/** Characters of a reason. */
export const MAX_REASON = 2000;

const reasonField = z
  .string()
  .trim()
  .min(10)
  .max(MAX_REASON)
  .refine(isWellFormed, NOT_WELL_FORMED)
  .describe('The job, in plain language: what for, on which data.');

const callbackSchema = z.strictObject({
  taskToken: z
    .string()
    .min(1)
    .max(2048)
    .describe(
      'Its task succeeds with `{requestId, status}` once there is access to claim, and fails with `PosternDenied`, `PosternExpired`, `PosternCancelled` or `PosternFailed` where there is none. Kept until then, and never shown.',
    ),
});

/** What a caller asks access by: why, for how long, on whose behalf. */
export const newRequestSchema = z.strictObject({
  reason: reasonField,
  durationSeconds: z.number().int().min(900).max(3600).optional().describe('Seconds the session is to last.'),
  subjectToken: subjectTokenField
    .optional()
    .describe(
      "The signed-in user's OIDC token, where the job is on behalf of one. It is verified, never stored.",
    ),
  callback: callbackSchema
    .optional()
    .describe('For callers that are Step Functions workflows, of the state machines that the broker lists.'),
});
