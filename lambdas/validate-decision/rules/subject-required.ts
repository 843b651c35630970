import type { Reason } from '../../shared/domain/verdict.ts';
import type { Candidate, Case } from '../decision-case.ts';

/** Rows that belong to a subject, and principals that act only for one, need that subject's proof. */
export function subjectRequired({ request, loaded }: Case, { grants }: Candidate): Reason[] {
  if (request.subject) return [];
  const scoped = grants.filter(({ resource }) => resource.subjectScoped);
  if (scoped.length === 0 && !loaded.principal.subjectRequired) return [];
  const detail = 'Send the signed-in user\'s token as "subjectToken": these rows belong to a user.';
  return scoped.length > 0
    ? scoped.map(({ resource }) => ({ code: 'subject_required', detail, resource: resource.key }))
    : [
        {
          code: 'subject_required',
          detail: 'Send the signed-in user\'s token as "subjectToken": this principal acts only for one.',
        },
      ];
}
