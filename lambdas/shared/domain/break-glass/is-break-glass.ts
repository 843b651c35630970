import type { AccessRequest } from '../access-request.ts';
import { jobOf } from '../jobs/job.ts';
import type { Principal } from '../principal.ts';
import type { Quorum } from '../verdict.ts';

/** Whether a request is for a job that is there for emergencies. Trusted: a change has said so of the job. */
export const isBreakGlass = (
  { job: name }: Pick<AccessRequest, 'job'>,
  principal: Pick<Principal, 'jobs'>,
): boolean => name !== undefined && jobOf(principal, name)?.breakGlass === true;

/** Whatever the guardrails ask for: somebody else is awake, is who they say, and hears of it. */
export const LEAST_FOR_BREAK_GLASS: Quorum = { approvals: 1, stepUp: 1 };
