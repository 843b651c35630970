import * as z from 'zod';
import {
  changeSchema,
  requestIdSchema,
  requestStatusSchema,
  subjectSchema,
} from '../shared/domain/access-request.ts';
import { callbackViewSchema } from '../shared/domain/callback.ts';
import { heldCallSchema } from '../shared/domain/calls/held-call.ts';
import { jobNameSchema } from '../shared/domain/jobs/job.ts';
import { referencesSchema } from '../shared/domain/outside/references.ts';
import { decisionSchema, type RequestRow } from '../shared/domain/request-row.ts';
import { revocationSchema } from '../shared/domain/revocation/revocation.ts';
import { shownReasonSchema, showReason } from '../shared/domain/text/say-reason.ts';
import { approvalAskSchema, sealSchema } from '../shared/domain/verdict.ts';
import { mintedSchema } from '../shared/domain/workflow-state.ts';
import { denialSchema } from './find-denials.ts';

const viewFields = z.object({
  requestId: requestIdSchema,
  status: requestStatusSchema,
  reason: z.string(),
  durationSeconds: z.number().int().optional().describe('As asked for.'),
  subject: subjectSchema.optional(),
  job: jobNameSchema.optional().describe('The job that it asks for by name.'),
  references: referencesSchema.optional().describe('What it names beside its reason; nobody verified it.'),
  change: changeSchema.optional(),
  call: heldCallSchema.meta({ id: 'HeldCall' }).optional().describe('One call that a gateway holds.'),
  dryRun: z.literal(true).optional(),
  decision: decisionSchema
    .extend({ reasons: z.array(shownReasonSchema) })
    .meta({ id: 'Decision' })
    .optional(),
  approval: approvalAskSchema.meta({ id: 'Approval' }).optional(),
  claimBy: z.iso.datetime().optional().describe('While READY: when the claim lapses.'),
  session: mintedSchema.optional().describe('What is known of the minted session. Never its secrets.'),
  revocation: revocationSchema
    .meta({ id: 'Revocation' })
    .optional()
    .describe('Who ended the session before its time, and when.'),
  seal: sealSchema
    .meta({ id: 'Seal' })
    .optional()
    .describe(
      'For the gateway that asked, of a call that is ALLOWED: verified and consumed before it is made.',
    ),
  callback: callbackViewSchema
    .optional()
    .describe('Whether the workflow that waits on it was told. In the answer of `GET /requests/{id}` alone.'),
  deniedBy: z
    .array(denialSchema)
    .optional()
    .describe('Which people denied it, and why. In the answer of `GET /requests/{id}` alone.'),
  closedBecause: z.string().optional().describe('How it ended: a reason code or an error code.'),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
});
/** What its requester, or an auditor, sees of a request. Neither tokens nor ciphertext. */
export const requestViewSchema = viewFields.meta({ id: 'Request' });
export type RequestView = z.infer<typeof requestViewSchema>;

const linksSchema = z.object({
  self: z.string(),
  credentials: z.string(),
  cancel: z.string(),
  revoke: z.string(),
});
export const linkedViewSchema = viewFields
  .extend({ links: linksSchema.describe('Paths on this host.') })
  .meta({ id: 'RequestWithLinks' });
export const requestListSchema = z.object({
  requests: z.array(requestViewSchema),
  nextCursor: z.string().optional().describe('Absent on the last page.'),
});

/** What whoever revokes sees: not what was asked for, which may be another's. */
export const revokedViewSchema = requestViewSchema
  .pick({ requestId: true, status: true, revocation: true })
  .extend({ expiration: z.iso.datetime().describe('When the session ends by itself.') })
  .meta({ id: 'Revoked' });
type RevokedView = z.infer<typeof revokedViewSchema>;

/** The API's credentials: camelCase, as AWS SDKs take them. */
const issuedSchema = z
  .object({
    credentials: z.object({
      accessKeyId: z.string(),
      secretAccessKey: z.string(),
      sessionToken: z.string(),
      expiration: z.iso.datetime(),
    }),
    assumedRoleArn: z.string(),
    consoleUrl: z
      .url()
      .optional()
      .describe(
        'For humans: signs in to the AWS console, at the first resource that was granted; good for 15 minutes. The session ends at `credentials.expiration`.',
      ),
  })
  .meta({ id: 'Session' });
export const sealedSchema = z
  .object({
    sealed: z
      .string()
      .describe(
        'Compact JWE (ECDH-ES, A256GCM) of `{accessKeyId, secretAccessKey, sessionToken, expiration, assumedRoleArn}`; its protected header holds `requestId`, and the key’s thumbprint as `kid`.',
      ),
  })
  .meta({ id: 'SealedSession' });
/** What a session is to whoever is sent on to the AWS console: nothing that signs a call. */
export const redirectSchema = z
  .object({
    consoleUrl: z.url().describe('Signs in to the AWS console; good for 15 minutes.'),
    assumedRoleArn: z.string(),
  })
  .meta({ id: 'ConsoleRedirect' });
export const claimedSchema = z.union([issuedSchema, sealedSchema]);

/** The row as its requester sees it. A session shows once it is ISSUED, which is once it is recorded. */
export function viewOf(
  row: RequestRow,
  more: Pick<RequestView, 'callback' | 'deniedBy' | 'seal'> = {},
): RequestView {
  return requestViewSchema.parse({
    ...row,
    seal: undefined,
    ...more,
    decision: row.decision && { ...row.decision, reasons: row.decision.reasons.map(showReason) },
    dryRun: row.dryRun || undefined,
    claimBy: row.status === 'READY' ? row.claimBy : undefined,
    session: row.status === 'ISSUED' ? row.session : undefined,
  });
}

/** What whoever revokes is answered. */
export function revokedViewOf({ requestId, status, revocation, session }: RequestRow): RevokedView {
  return revokedViewSchema.parse({ requestId, status, revocation, expiration: session?.expiration });
}

/** The view with its links, which are paths: the host is whichever the caller reached. */
export function linkedViewOf(
  row: RequestRow,
  basePath: string,
  seal?: RequestRow['seal'],
): z.infer<typeof linkedViewSchema> {
  const self = `${basePath}/requests/${row.requestId}`;
  return {
    ...viewOf(row, { ...(seal && { seal }) }),
    links: { self, credentials: `${self}/credentials`, cancel: `${self}/cancel`, revoke: `${self}/revoke` },
  };
}

/** Seconds after which asking again makes sense: people take minutes, the workflow takes seconds. */
export function retryAfterOf(row: RequestRow): Record<string, string> {
  if (row.status === 'AWAITING_APPROVAL') return { 'retry-after': '15' };
  return row.status === 'PENDING' ? { 'retry-after': '1' } : {};
}
