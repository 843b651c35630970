import { createTwoFilesPatch } from 'diff';
import { isReviewedByModel } from '../shared/domain/access-request.ts';
import { basisOf } from '../shared/domain/approvals/basis.ts';
import { isBreakGlass } from '../shared/domain/break-glass/is-break-glass.ts';
import { RequestClosed } from '../shared/domain/errors.ts';
import type { AskedOfPeople } from '../shared/domain/request-row.ts';
import { visibleText } from '../shared/domain/text/show-hostile-text.ts';
import type { WorkflowState } from '../shared/domain/workflow-state.ts';

/** Characters of a diff that a message has room for. */
const MOST_DIFF = 2_500;

/** A change against what is in force, whole. A new target is all additions. */
export function wholeDiffOf(current: string, proposal: string): string {
  const patch = createTwoFilesPatch('in force', 'proposed', current, proposal, '', '', { context: 2 });
  return patch.slice(patch.indexOf('---')).split('\n').map(visibleText).join('\n');
}

/** The same, cut to what a message has room for. */
export function diffOf(current: string, proposal: string): string {
  const readable = wholeDiffOf(current, proposal);
  return readable.length <= MOST_DIFF
    ? readable
    : `${readable.slice(0, MOST_DIFF)}\n… cut here; Details shows the whole proposal`;
}

/** What people are shown beside the decision, taken from the workflow's state. Throws RequestClosed without a verdict. */
export function whatIsAsked(state: WorkflowState, diff: string | undefined): AskedOfPeople {
  const { verdict, loaded, review, request } = state;
  if (!verdict || !loaded) throw new RequestClosed('there is nothing to ask people about');
  const reviewed =
    review?.outcome === 'proposal' && isReviewedByModel(request) ? review.proposal.risk : undefined;
  const risk = verdict.risk ?? reviewed;
  return {
    proposalDigest: verdict.proposalDigest,
    basis: basisOf(loaded),
    principalType: loaded.principal.type,
    persons: loaded.principal.persons,
    concerned: loaded.targetPersons ?? [],
    grants: verdict.entitlement?.grants ?? [],
    ...(risk && { risk }),
    ...(verdict.entitlement && { durationSeconds: verdict.entitlement.durationSeconds }),
    ...(isBreakGlass(request, loaded.principal) && { breakGlass: true as const }),
    ...(diff && { diff }),
  };
}
