import * as z from 'zod';
import { subjectSchema } from '../access-request.ts';
import { referencesSchema } from '../outside/references.ts';
import { principalIdSchema } from '../principal.ts';
import { recipientKeySchema } from '../workflow-state.ts';
import { gatewaySessionIdSchema } from './gateway-session-id.ts';

/** Seconds that a gateway's session may last. */
export const LONGEST_SESSION_SECONDS = 12 * 60 * 60;

/** A gateway that the organisation runs. Nobody else may ask by a delegation, or have sessions sealed for one. */
export const gatewaySchema = z.strictObject({
  /** The role that it calls the broker with. */
  roleArn: z
    .string()
    .regex(/^arn:[a-z-]+:iam::\d{12}:role\/[\w+=,.@-]{1,64}$/, 'is not the ARN of a role without a path'),
  /** What sessions are sealed to: X25519 or P-256. */
  publicKey: recipientKeySchema,
  /** Verifies its records of calls: Ed25519. */
  recordKey: z.strictObject({
    kty: z.literal('OKP'),
    crv: z.literal('Ed25519'),
    x: z.base64url().length(43),
  }),
});
export type Gateway = z.infer<typeof gatewaySchema>;
export const gatewaysSchema = z.array(gatewaySchema).max(10);

/**
 * A principal's word that a gateway may ask for it: for one principal, one subject, one account and one reason, until
 * it ends. The gateway holds its secret; here is only the secret's digest.
 */
export const delegationSchema = z.object({
  sessionId: gatewaySessionIdSchema,
  principalId: principalIdSchema,
  subject: subjectSchema.optional(),
  accountId: z.string().regex(/^\d{12}$/),
  /** Why; without one nothing is asked for. */
  reason: z.string().optional(),
  /** What its requests name beside that. */
  references: referencesSchema.optional(),
  gatewayRoleArn: z.string(),
  /** RFC 7638 thumbprint of the gateway's key: what is granted is sealed to it alone. */
  keyThumbprint: z.string(),
  secretDigest: z.string(),
  openedAt: z.iso.datetime(),
  endsAt: z.iso.datetime(),
  /** Set once somebody ended it before its time. */
  ended: z.object({ at: z.iso.datetime(), by: principalIdSchema }).optional(),
  /** DynamoDB TTL, epoch seconds. */
  ttl: z.number().int(),
});
export type Delegation = z.infer<typeof delegationSchema>;

/** Whether it still stands at this time. */
export const isDelegationOpen = ({ ended, endsAt }: Delegation, now: Date): boolean =>
  !ended && new Date(endsAt) > now;

/** The token that stands for a delegation: its session, and a secret. */
export const delegationToken = (sessionId: string, secret: string): string => `${sessionId}.${secret}`;

const TOKEN = /^(gateway-[0-9A-HJKMNP-TV-Z]{26})\.([\w-]{43})$/;

/** The session and the secret of a token; undefined where it is none. */
export function readDelegationToken(token: string): { sessionId: string; secret: string } | undefined {
  const [, sessionId, secret] = TOKEN.exec(token) ?? [];
  return sessionId !== undefined && secret !== undefined ? { sessionId, secret } : undefined;
}
