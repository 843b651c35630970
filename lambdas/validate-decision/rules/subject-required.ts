import type { Reason } from '../../shared/domain/reason.ts';
import type { Candidate, Case } from '../decision-case.ts';

/** Rows that belong to a subject, and principals that act only for one, need that subject's proof. */
export function subjectRequired({ request, loaded }: Case, { grants }: Candidate): Reason[] {
  if (request.subject) return [];
  const scoped = grants.filter(({ resource }) => resource.subjectScoped);
  if (scoped.length === 0 && !loaded.principal.subjectRequired) return [];
  return scoped.length > 0
    ? scoped.map(({ resource }) => ({ code: 'subject_required', resource: resource.key }))
    : [{ code: 'subject_required' }];
}
