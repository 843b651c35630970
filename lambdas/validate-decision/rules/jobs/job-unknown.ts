import { jobOf } from '../../../shared/domain/jobs/job.ts';
import type { Reason } from '../../../shared/domain/reason.ts';
import type { Case } from '../../decision-case.ts';

/** A request by a job is for one that its principal has; it may have been removed since it was asked. */
export function jobUnknown({ request: { job }, loaded }: Pick<Case, 'request' | 'loaded'>): Reason[] {
  if (job === undefined || jobOf(loaded.principal, job)) return [];
  return [{ code: 'job_unknown', job }];
}
