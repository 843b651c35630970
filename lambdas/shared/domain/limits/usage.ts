import * as z from 'zod';
import { requestIdSchema, type Subject } from '../access-request.ts';
import { digestOf } from '../digest.ts';
import { principalIdSchema } from '../principal.ts';

const entrySchema = z.object({ requestId: requestIdSchema, at: z.iso.datetime() });
/** A request, and when it was admitted or denied. */
export type UsageEntry = z.infer<typeof entrySchema>;

/** A time in which a principal's new requests are refused, because so many were denied. */
const suspensionSchema = z.object({
  since: z.iso.datetime(),
  until: z.iso.datetime(),
  /** The denied requests that led to it, the last one last. */
  requestIds: z.array(requestIdSchema),
});
type Suspension = z.infer<typeof suspensionSchema>;

/** The digest of the subject that a request was made for: which customer it was says nothing here. */
const subjectKeySchema = z.string();
export const subjectKeyOf = (subject: Subject): string => digestOf(subject);

/**
 * What one principal has in use: one row a principal, each write over a known version, so that requests which
 * race are counted one after the other.
 */
export const usageSchema = z.object({
  principalId: principalIdSchema,
  /** 0 where nothing was written yet. */
  version: z.number().int().min(0),
  /** Requests admitted by minute, counted from 1970; of the last hour only. */
  minutes: z.record(z.string(), z.number().int()),
  /** Admitted requests that were open, or had a live session, when they were last looked at. */
  pending: z.array(entrySchema),
  /** Denials that may still lead to a suspension. */
  denials: z.array(entrySchema.extend({ subject: subjectKeySchema.optional() })),
  suspension: suspensionSchema.optional(),
  /** The same, for what is asked on behalf of one subject alone. */
  subjectSuspensions: z.array(suspensionSchema.extend({ subject: subjectKeySchema })).optional(),
});
export type Usage = z.infer<typeof usageSchema>;

export const noUsage = (principalId: string): Usage => ({
  principalId,
  version: 0,
  minutes: {},
  pending: [],
  denials: [],
});

/** The suspension that holds at this time for what is asked on behalf of a subject, or of none; if one does. */
export function suspensionAt(
  { suspension, subjectSuspensions = [] }: Usage,
  now: Date,
  subject?: string,
): Suspension | undefined {
  const ofSubject = subjectSuspensions.filter((suspended) => suspended.subject === subject);
  return [suspension, ...ofSubject].find((suspended) => suspended && new Date(suspended.until) > now);
}
