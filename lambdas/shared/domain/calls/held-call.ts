import * as z from 'zod';
import { gatewaySessionIdSchema } from '../identity/gateway-session-id.ts';

/** Characters of a call's parameters, as they are shown: people read all that they approve. */
export const MOST_PARAMETERS = 16_384;
/** Needs of one call that are shown. */
export const MOST_NEEDS = 100;

/** What of a call no parameter tells: its bytes are bound, and not shown. */
const bodySchema = z.strictObject({
  bytes: z.number().int().min(0),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});

/**
 * One AWS call that a gateway holds until people have answered: all that they are shown, and what binds their answer to
 * it. Its approval lets through this very call, once.
 */
export const heldCallSchema = z.strictObject({
  sessionId: gatewaySessionIdSchema,
  accountId: z.string().regex(/^[0-9]{12}$/),
  region: z.string().regex(/^[a-z0-9-]{1,40}$/),
  /** By the name that it signs with, and the operation as its model has it. */
  service: z.string().regex(/^[A-Za-z0-9_.-]{1,80}$/),
  operation: z.string().regex(/^[A-Za-z0-9_]{1,120}$/),
  /** IAM's actions, each with its resource, `none` or `unknown`. */
  needs: z
    .array(
      z.strictObject({
        action: z
          .string()
          .regex(/^[A-Za-z0-9_.-]+:[A-Za-z0-9_]+$/)
          .max(200),
        on: z.string().min(1).max(2048),
      }),
    )
    .min(1)
    .max(MOST_NEEDS),
  /** JSON, without idempotency tokens, secrets hidden. */
  parameters: z.string().max(MOST_PARAMETERS),
  body: bodySchema.optional(),
  /** The gateway's MAC over all that was sent but idempotency tokens: equal for the identical call alone. */
  digest: z.string().regex(/^[A-Za-z0-9_-]{43}$/),
  /** People that the gateway's rules want, and how many of them with a code; and which rules those are. */
  quorum: z.strictObject({
    approvals: z.number().int().min(1).max(3),
    stepUp: z.number().int().min(0).max(3),
  }),
  rules: z.array(z.string().min(1).max(200)).max(50),
});
export type HeldCall = z.infer<typeof heldCallSchema>;

/** `dynamodb:DeleteTable`. */
export const nameOfCall = ({ service, operation }: Pick<HeldCall, 'service' | 'operation'>): string =>
  `${service}:${operation}`;
