import * as z from 'zod';
import { grantSchema } from '../review.ts';

/** A job's name, as it is asked for by. */
export const jobNameSchema = z
  .string()
  .regex(/^[a-z][a-z0-9-]{1,63}$/, "a job's name: a-z, 0-9 and -, 2 to 64 characters");

/** What a change has fixed for a name: a principal that asks by it gets this, or less, and no model is asked. */
export const jobSchema = z.strictObject({
  /** What it is for: the reason of a request that gives none of its own. */
  purpose: z.string().trim().min(10).max(1500),
  grants: z.array(grantSchema).min(1).max(20),
  /** The longest session; a request may ask for a shorter one. */
  durationSeconds: z.number().int().min(900).max(3600),
  /** `subject`: only on behalf of a signed-in user. `nobody`: never on behalf of one. */
  onBehalfOf: z.enum(['nobody', 'subject']),
  /** For emergencies: never without an approval, always with an alarm, and to be reviewed by others afterwards. */
  breakGlass: z.literal(true).optional(),
});
export type Job = z.infer<typeof jobSchema>;

/** A principal's jobs by their names. */
export const jobsSchema = z
  .record(jobNameSchema, jobSchema)
  .refine((jobs) => Object.keys(jobs).length <= 20, {
    message: 'must be at most 20 jobs',
  });

/** The job of that name; undefined where the principal has none. No name of an object's own parts finds anything. */
export const jobOf = (
  { jobs = {} }: { readonly jobs?: Readonly<Record<string, Job>> | undefined },
  name: string,
): Job | undefined => (Object.hasOwn(jobs, name) ? jobs[name] : undefined);
