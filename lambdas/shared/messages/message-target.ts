import * as z from 'zod';
import { requestIdSchema } from '../domain/access-request.ts';

const targetSchema = z.strictObject({
  requestId: requestIdSchema,
  tier: z.string().max(60),
  /** Digest of what the message showed: a vote is bound to it. */
  proposalDigest: z.string().max(100),
});
/** What a button or a modal is about. Never a token: whoever holds this can do nothing with it. */
export type Target = z.infer<typeof targetSchema>;

export const writeTarget = (target: Target): string => JSON.stringify(target);

/** Undefined where the value is not one that this app wrote. */
export function readTarget(value: unknown): Target | undefined {
  try {
    return targetSchema.parse(JSON.parse(String(value)));
  } catch {
    return undefined;
  }
}
