import { sharePerson } from '../approvals/same-person.ts';
import { isAuditor } from '../identity/is-auditor.ts';
import type { Principal } from '../principal.ts';
import type { RequestRow } from '../request-row.ts';

/** Why somebody may not review a session, or undefined where they may. */
export type ReviewerRefusal = 'not_active' | 'not_human' | 'not_a_reviewer' | 'asked_for_it' | 'approved_it';

/**
 * Whoever looks at an emergency afterwards had no part in it: an approver or an auditor, and neither a person who asked nor
 * one who agreed.
 */
export function reviewerRefusalOf(
  reviewer: Principal,
  { principalId, asked: shown }: Pick<RequestRow, 'principalId' | 'asked'>,
  approvers: readonly { readonly principalId: string; readonly person: string }[],
  approverGroups: readonly string[],
): ReviewerRefusal | undefined {
  if (reviewer.status !== 'active') return 'not_active';
  if (reviewer.type !== 'human') return 'not_human';
  if (reviewer.id === principalId || sharePerson(reviewer.persons, shown?.persons ?? []))
    return 'asked_for_it';
  const persons = approvers.map(({ person }) => person);
  if (
    approvers.some((approver) => approver.principalId === reviewer.id) ||
    sharePerson(reviewer.persons, persons)
  )
    return 'approved_it';
  const isApprover = reviewer.groups.some((group) => approverGroups.includes(group));
  return isApprover || isAuditor(reviewer) ? undefined : 'not_a_reviewer';
}
