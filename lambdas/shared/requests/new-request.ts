import * as z from 'zod';
import { jobNameSchema } from '../domain/jobs/job.ts';
import { referencesSchema } from '../domain/outside/references.ts';
import { atLeast } from '../domain/text/text-patterns.ts';
import { subjectTokenField } from '../http/caller-fields.ts';

/** Half a surrogate pair has no UTF-8 form: what is stored and digested would not be what was sent. */
export const isWellFormed = (text: string) => text.isWellFormed();
export const NOT_WELL_FORMED = 'must be well-formed Unicode';

/** Characters of a reason, as it is sent. */
export const MAX_REASON = 2000;
const MIN_REASON = 10;

/** A text that says why. Blanks at its ends are taken away, and do not count for the least it must hold. */
export const whySchema = (least: number, most: number) =>
  z
    .string()
    .max(most)
    .regex(atLeast(least), `must be at least ${least} characters, without the blanks at its ends`)
    .refine(isWellFormed, NOT_WELL_FORMED)
    .trim()
    .meta({ minLength: least });

export const reasonField = whySchema(MIN_REASON, MAX_REASON).describe(
  'The job, in plain language: what for, on which data.',
);

const callbackSchema = z.strictObject({
  taskToken: z
    .string()
    .min(1)
    .max(2048)
    .describe(
      'Its task succeeds with `{requestId, status}` once there is access to claim, and fails with `PosternDenied`, `PosternExpired`, `PosternCancelled` or `PosternFailed` where there is none. Kept until then, and never shown.',
    ),
});

/** One of the demo's, for readers of the API's document. */
export const EXAMPLE_REQUEST = {
  reason: 'The weekly report needs the operational metrics of this week.',
  durationSeconds: 900,
};

/** In the requester's own words too, so that each is in a form of its own. */
export const referencesField = referencesSchema.describe(
  'Tickets, incidents and the like that it is for: `OPS-12`. Shown to approvers, recorded, and in the session’s tags; a guardrail may ask for one.',
);

/** What a caller asks access by: why, or the name of a job; for how long, on whose behalf. */
export const newRequestSchema = z
  .strictObject({
    reason: reasonField.optional(),
    job: jobNameSchema
      .optional()
      .describe(
        'A job of its own, by name: grants that a change has fixed. No model is asked; without a `reason`, the job’s purpose is the reason.',
      ),
    references: referencesField.optional(),
    durationSeconds: z
      .number()
      .int()
      .min(900)
      .max(3600)
      .optional()
      .describe('Seconds the session is to last.'),
    subjectToken: subjectTokenField
      .optional()
      .describe(
        "The signed-in user's OIDC token, where the job is on behalf of one. It is verified, never stored.",
      ),
    callback: callbackSchema
      .optional()
      .describe(
        'For callers that are Step Functions workflows, of the state machines that the broker lists.',
      ),
  })
  .meta({ examples: [EXAMPLE_REQUEST] });

/** Adds what a request must have at least. Last, as what is refined is not extended. */
export const withReasonOrJob = <
  Schema extends z.ZodType<{ reason?: string | undefined; job?: string | undefined }>,
>(
  schema: Schema,
): Schema =>
  schema
    .refine(({ reason, job }) => reason !== undefined || job !== undefined, {
      path: ['reason'],
      message: 'say why, or name a job',
    })
    .meta({
      examples: [EXAMPLE_REQUEST, { job: 'nightly-report' }],
      anyOf: [{ required: ['reason'] }, { required: ['job'] }],
    });
