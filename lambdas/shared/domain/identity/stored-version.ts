import * as z from 'zod';
import { changePartSchema, requestIdSchema } from '../access-request.ts';
import { principalIdSchema } from '../principal.ts';
import { approverSchema } from '../verdict.ts';

/** One version of a policy text, a principal or a template, and how it came about. */
export const storedVersionSchema = z.object({
  kind: changePartSchema.shape.kind,
  target: principalIdSchema,
  version: z.number().int().min(1),
  /** The policy text, or the principal or the template as canonical JSON. */
  text: z.string(),
  digest: z.string(),
  /** The change that made it; absent on one that was there before any change. */
  change: z
    .object({
      requestId: requestIdSchema,
      requestedBy: principalIdSchema,
      /** Untrusted text of whoever asked. */
      reason: z.string(),
      approvers: z.array(approverSchema),
      appliedAt: z.iso.datetime(),
    })
    .optional(),
});
export type StoredVersion = z.infer<typeof storedVersionSchema>;
