import { jobOf } from '../../../shared/domain/jobs/job.ts';
import type { Reason } from '../../../shared/domain/reason.ts';
import type { Case } from '../../decision-case.ts';

/** A job is done on whose behalf it was fixed for: a signed-in user's, or nobody's. */
export function jobOnBehalf({ request, loaded }: Pick<Case, 'request' | 'loaded'>): Reason[] {
  const { job: name, subject } = request;
  const job = name === undefined ? undefined : jobOf(loaded.principal, name);
  if (name === undefined || !job) return [];
  const { onBehalfOf } = job;
  return (onBehalfOf === 'subject') === (subject !== undefined)
    ? []
    : [{ code: 'job_on_behalf', job: name, onBehalfOf }];
}
