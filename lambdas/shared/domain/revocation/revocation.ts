import * as z from 'zod';
import { requestIdSchema } from '../access-request.ts';
import { principalIdSchema } from '../principal.ts';

/** `session`: that one alone. `role`: every session of its role that was issued before. */
const revocationScopeSchema = z.enum(['session', 'role']);

/** What became of a session that was ended before its time. */
export const revocationSchema = z.object({
  revokedAt: z.iso.datetime(),
  by: principalIdSchema,
  /** Untrusted text of whoever revoked. */
  because: z.string().optional(),
  scope: revocationScopeSchema,
});
export type Revocation = z.infer<typeof revocationSchema>;

const because = z.string().min(1).max(500).optional();

/** Revokes the session of one request. `everySession`: all of its role's, if no more fit one by one. */
const revokeOneSchema = z.strictObject({
  requestId: requestIdSchema,
  by: principalIdSchema,
  because,
  everySession: z.boolean(),
});
/** Revokes every live session of a principal, and closes its open requests. */
const revokeAllOfSchema = z.strictObject({ principalId: principalIdSchema, by: principalIdSchema, because });

/** What an execution of `revoke-session` is started with. Whoever starts it has checked who may. */
export const revocationInputSchema = z.union([revokeOneSchema, revokeAllOfSchema]);
export type RevocationInput = z.infer<typeof revocationInputSchema>;
export type RevokeOne = z.infer<typeof revokeOneSchema>;
export type RevokeAllOf = z.infer<typeof revokeAllOfSchema>;
