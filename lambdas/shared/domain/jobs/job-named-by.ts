import { type Job, jobOf } from './job.ts';

/** A reason that is nothing but a job's name: `job:nightly-report`. */
const NAMED = /^job:([a-z][a-z0-9-]{1,63})$/;

/**
 * The job that a reason names, where words are all that can be given: of a gateway's session, and in Slack. Undefined
 * for a reason in words; without `job` where the principal has none of that name.
 */
export function jobNamedBy(
  reason: string,
  principal: Parameters<typeof jobOf>[0],
): { readonly name: string; readonly job: Job | undefined } | undefined {
  const name = NAMED.exec(reason)?.[1];
  return name === undefined ? undefined : { name, job: jobOf(principal, name) };
}
