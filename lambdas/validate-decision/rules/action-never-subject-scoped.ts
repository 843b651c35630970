import { isSubjectScopable } from '../../shared/domain/session-policy/subject-scope.ts';
import type { Reason } from '../../shared/domain/verdict.ts';
import type { Candidate, Rulebook } from '../facts.ts';

/** Where rows belong to a subject, only actions that name the rows they touch. The list is closed. */
export function actionNeverSubjectScoped({ grants }: Candidate, { catalog }: Rulebook): Reason[] {
  return grants.flatMap(({ resource: key, actions }) => {
    const resource = catalog.resources.get(key);
    if (!resource?.subjectScoped) return [];
    return actions
      .filter((action) => !isSubjectScopable(resource.kind, action))
      .map((action) => ({
        code: 'action_never_subject_scoped' as const,
        detail: "This action cannot be held to one customer's rows; use GetItem or Query.",
        resource: key,
        action,
      }));
  });
}
