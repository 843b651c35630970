import * as z from 'zod';
import { requestStatusSchema } from '../shared/domain/access-request.ts';
import { passkeySchema } from '../shared/domain/approvals/passkey.ts';
import { MOST_PARTS } from '../shared/domain/bundle/bundle.ts';
import { newPrincipalSchema } from '../shared/domain/identity/proposed-principal.ts';
import { templateSchema } from '../shared/domain/people/template.ts';
import { principalIdSchema } from '../shared/domain/principal.ts';
import { NOT_BLANK } from '../shared/domain/text/text-patterns.ts';
import {
  isWellFormed,
  NOT_WELL_FORMED,
  newRequestSchema,
  reasonField,
  referencesField,
  whySchema,
  withReasonOrJob,
} from '../shared/requests/new-request.ts';
import { publicKeySchema } from './parse-recipient-key.ts';

/** Characters of a proposed text; the workflow's own limit. */
export const MAX_PROPOSAL = 16_384;

/** Kept to the byte, blanks at its ends too: exactly this is reviewed, approved and applied. */
const proposalText = z
  .string()
  .max(MAX_PROPOSAL)
  .regex(NOT_BLANK, 'must not be blank')
  .refine(isWellFormed, NOT_WELL_FORMED)
  .meta({ minLength: 1 });

/** Any object: what a JWK must hold is checked apart, with a code of its own. */
const recipientKeyField = z
  .record(z.string(), z.unknown())
  .meta({ writtenAs: publicKeySchema })
  .describe('The public half of a one-time key, as a JWK: X25519 or P-256. The answer is then sealed to it.');

/** A request, and the key that its session is to be sealed to: a claim that comes with it. */
export const newClaimedRequestSchema = withReasonOrJob(
  newRequestSchema.extend({ recipientKey: recipientKeyField.optional() }),
);
export const claimBodySchema = z
  .strictObject({
    recipientKey: recipientKeyField.optional(),
    delivery: z
      .literal('redirect')
      .optional()
      .describe(
        'For people: answers where the session signs in to the AWS console, and no keys. All that a console’s token claims.',
      ),
  })
  .refine(({ recipientKey, delivery }) => !(recipientKey && delivery), {
    error: 'takes no recipientKey',
    path: ['delivery'],
  })
  .optional();
export const cancelBodySchema = z.strictObject({}).optional();
export const revokeBodySchema = z
  .strictObject({
    reason: whySchema(3, 500).optional().describe('Why; required of anybody but the requester.'),
    everySession: z
      .boolean()
      .optional()
      .describe(
        'Agree to end every session of the role issued before now, where one more can no longer be denied alone.',
      ),
  })
  .optional();

const target = principalIdSchema.describe(
  'The principal whose policy, or whose entry, is to change; or the template.',
);
/** Any object: what a principal must hold is checked apart, as its JSON text is. */
const principalObject = z.record(z.string(), z.unknown()).meta({ writtenAs: newPrincipalSchema });

/** The same of a template. */
const templateObject = z.record(z.string(), z.unknown()).meta({ writtenAs: templateSchema });

const POLICY = {
  kind: z.literal('policy'),
  target,
  proposal: proposalText.describe('The whole new policy text.'),
};
const PRINCIPAL = {
  kind: z.literal('principal'),
  target,
  proposal: z
    .union([principalObject, proposalText.describe('The principal as JSON text.')])
    .describe('The whole new principal, whose `id` is the target.'),
};
const TEMPLATE = {
  kind: z.literal('template'),
  target,
  proposal: z
    .union([templateObject, proposalText.describe('The template as JSON text.')])
    .describe('The whole new template, whose `id` is the target: see docs/people.md.'),
};

/** A part says what it was written against: whoever proposes many has looked at all of them before. */
const baseVersion = z
  .number()
  .int()
  .min(0)
  .describe('The version in force that it was written against; 0 where there is none yet.');
export const newPartSchema = z.discriminatedUnion('kind', [
  z.strictObject({ ...POLICY, baseVersion }),
  z.strictObject({ ...PRINCIPAL, baseVersion }),
  z.strictObject({ ...TEMPLATE, baseVersion }),
]);

const WHY = { reason: reasonField, references: referencesField.optional() };

export const newChangeSchema = z.discriminatedUnion('kind', [
  z.strictObject({ ...POLICY, ...WHY }),
  z.strictObject({ ...PRINCIPAL, ...WHY }),
  z.strictObject({ ...TEMPLATE, ...WHY }),
  z.strictObject({
    kind: z.literal('bundle'),
    parts: z
      .array(newPartSchema)
      .min(1)
      .max(
        MOST_PARTS,
        `must be at most ${MOST_PARTS}: they are written in one transaction, which takes no more`,
      )
      .describe('What is to be written, all or nothing: see docs/apply.md.'),
    ...WHY,
  }),
]);

export const enrolPasskeyBodySchema = z.strictObject({
  passkey: passkeySchema.describe('What the page’s `createPasskey` answered: see docs/passkeys.md.'),
  reason: reasonField,
});
export const revokePasskeyBodySchema = z.strictObject({ reason: reasonField });

/** Whole seconds, as query parameters write them. */
const secondsSchema = z
  .string()
  .regex(/^([0-9]|1[0-9]|2[0-5])$/, 'must be whole seconds, 0 to 25')
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
    .regex(/^([1-9][0-9]?|100)$/, 'must be a number, 1 to 100')
    .transform(Number)
    .optional()
    .describe('Most requests to answer: 1 to 100, 20 unless told.'),
  cursor: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,400}$/, 'is not a nextCursor of this list')
    .optional()
    .describe("The last answer's `nextCursor`."),
  principal: principalIdSchema.optional().describe("Auditors only: another principal's requests."),
});
