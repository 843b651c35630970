import { isSubjectScopable } from '../../shared/domain/session-policy/subject-scope.ts';
import type { Reason } from '../../shared/domain/verdict.ts';
import type { Candidate } from '../decision-case.ts';

/** Where rows belong to a subject, only actions that name the rows they touch. The list is closed. */
export function actionNeverSubjectScoped({ grants }: Candidate): Reason[] {
  return grants.flatMap(({ resource, actions }) => {
    if (!resource.subjectScoped) return [];
    return actions
      .filter((action) => !isSubjectScopable(resource.kind, action))
      .map((action) => ({
        code: 'action_never_subject_scoped' as const,
        detail: "This action cannot be held to one customer's rows; use GetItem or Query.",
        resource: resource.key,
        action,
      }));
  });
}
