import type { Reason } from '../../shared/domain/reason.ts';
import { isSubjectScopable } from '../../shared/domain/session-policy/subject-scope.ts';
import type { Candidate } from '../decision-case.ts';

/** Where rows belong to a subject, only actions that name the rows they touch. The list is closed. */
export function actionNeverSubjectScoped({ grants }: Candidate): Reason[] {
  return grants.flatMap(({ resource, actions }) => {
    if (!resource.subjectScoped) return [];
    return actions
      .filter((action) => !isSubjectScopable(resource.kind, action))
      .map((action) => ({
        code: 'action_never_subject_scoped' as const,
        resource: resource.key,
        action,
      }));
  });
}
