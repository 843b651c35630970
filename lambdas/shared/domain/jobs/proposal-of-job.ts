import type { AccessRequest } from '../access-request.ts';
import type { Principal } from '../principal.ts';
import type { Proposal } from '../review.ts';
import { jobOf } from './job.ts';

/**
 * What a request by a job proposes, in the form of a review: to be judged by the same rules. A change approved it by
 * name, and nobody rated a risk, so that neither calls for people where the guardrails do not. Undefined where no job
 * is asked for, or none that the principal has.
 */
export function fixedProposal(
  { job: name }: Pick<AccessRequest, 'job'>,
  principal: Principal,
): Proposal | undefined {
  const job = name === undefined ? undefined : jobOf(principal, name);
  if (!job) return undefined;
  return {
    approved: true,
    grants: job.grants,
    durationSeconds: job.durationSeconds,
    risk: 'low',
    authorization: 'explicit',
    reason: `The job "${name}", as a change has fixed it. No model was asked.`,
  };
}
