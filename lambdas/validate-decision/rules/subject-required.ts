import type { Reason } from '../../shared/domain/reason.ts';
import { attributeIn, keyOfRows } from '../../shared/domain/session-policy/leading-key.ts';
import type { Candidate, Case } from '../decision-case.ts';

/**
 * Rows that belong to a subject, and principals that act only for one, need that subject's proof; and of rows that are
 * keyed by a claim, the subject's token has to say it.
 */
export function subjectRequired({ request, loaded }: Case, { grants }: Candidate): Reason[] {
  const { subject } = request;
  const scoped = grants.map(({ resource }) => resource).filter(({ subjectScoped }) => subjectScoped);
  if (subject)
    return scoped
      .filter(({ leadingKey }) => keyOfRows(subject, leadingKey) === undefined)
      .map(({ key, leadingKey }) => ({
        code: 'subject_required',
        resource: key,
        claim: attributeIn(leadingKey),
      }));
  if (scoped.length > 0) return scoped.map(({ key }) => ({ code: 'subject_required', resource: key }));
  return loaded.principal.subjectRequired ? [{ code: 'subject_required' }] : [];
}
