import type { ApprovalView } from '../../../lambdas/cast-vote/vote-views.ts';
import { visibleText } from '../../../lambdas/shared/domain/text/show-hostile-text.ts';
import { dayAndTime } from '../show-time.ts';

const opens = ({ grants, durationSeconds }: ApprovalView): string =>
  `${grants.map(({ resource, actions }) => `${actions.join(', ')} on ${resource}`).join('; ')}, for ${durationSeconds} s`;

const approvals = ({ quorum, votes }: ApprovalView): string => {
  const given = votes.filter(({ decision }) => decision === 'approve');
  const codes = given.filter(({ stepUp }) => stepUp).length;
  return `${given.length} of ${quorum.approvals}${quorum.stepUp > 0 ? `, ${codes} of ${quorum.stepUp} with a code` : ''}`;
};

/** What an approver reads before they answer: all that their vote is bound to. */
export function describeApproval(approval: ApprovalView): string {
  const { requestId, principalId, reason, subject, change, diff, risk, tier, deadline } = approval;
  const text = change ? (diff ?? change.proposal) : undefined;
  return [
    visibleText(requestId),
    `  who        ${principalId}${subject ? `, for ${visibleText(subject.id)}` : ''}`,
    `  why        ${visibleText(reason)}`,
    change ? `  change     ${change.kind} of ${change.target}` : `  opens      ${opens(approval)}`,
    ...(text ? text.split('\n').map((line) => `    ${visibleText(line)}`) : []),
    ...(risk ? [`  risk       ${risk}, as the review sees it`] : []),
    `  approvals  ${approvals(approval)}`,
    `  asked      ${tier}, until ${dayAndTime(deadline)}`,
  ].join('\n');
}
