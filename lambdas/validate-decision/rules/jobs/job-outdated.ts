import type { Reason } from '../../../shared/domain/reason.ts';

/**
 * A job whose grants no longer pass: what it names left the catalog, or no longer fits one session. No model can mend
 * it, and it is nobody's fault who asks: it counts against nobody.
 */
export function jobOutdated(job: string, violations: readonly Reason[]): Reason[] {
  const named = violations.find((violation) => 'resource' in violation && violation.resource !== undefined);
  const resource = named && 'resource' in named ? named.resource : undefined;
  return [{ code: 'job_outdated', job, ...(resource !== undefined && { resource }) }];
}
