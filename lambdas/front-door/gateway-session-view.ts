import * as z from 'zod';
import { subjectSchema } from '../shared/domain/access-request.ts';
import { callRecordSchema } from '../shared/domain/audit/call-record.ts';
import { type Delegation, gatewaySchema, isDelegationOpen } from '../shared/domain/identity/delegation.ts';
import { gatewaySessionIdSchema } from '../shared/domain/identity/gateway-session-id.ts';
import { principalIdSchema } from '../shared/domain/principal.ts';

export const gatewaySessionSchema = z
  .object({
    sessionId: gatewaySessionIdSchema,
    principalId: principalIdSchema,
    subject: subjectSchema.optional(),
    accountId: z.string(),
    reason: z.string().optional(),
    open: z.boolean(),
    openedAt: z.iso.datetime(),
    endsAt: z.iso.datetime(),
    ended: z.object({ at: z.iso.datetime(), by: principalIdSchema }).optional(),
  })
  .meta({ id: 'GatewaySession' });

/** What opening a session of the gateway answers. */
export const delegationAnswerSchema = z
  .object({
    sessionId: gatewaySessionIdSchema,
    delegation: z.string().describe('For the gateway alone, which answers placeholder keys for it.'),
    gateway: z.string().describe('The role of the gateway that it is for.'),
    expiresAt: z.iso.datetime(),
  })
  .meta({ id: 'Delegation' });

export const gatewaySessionListSchema = z.object({ sessions: z.array(gatewaySessionSchema) });

/** Records of calls, as they were written. */
export const callListSchema = z.object({
  calls: z.array(callRecordSchema.meta({ id: 'CallRecord' })),
  recordKey: gatewaySchema.shape.recordKey
    .optional()
    .describe('Verifies their signatures; absent where the gateway is no longer registered.'),
});

/** A gateway's session as people see it: no digest of its secret. */
export const gatewaySessionView = (delegation: Delegation, now: Date): z.infer<typeof gatewaySessionSchema> =>
  gatewaySessionSchema.parse({ ...delegation, open: isDelegationOpen(delegation, now) });
