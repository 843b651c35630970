import type { ApprovalView } from '../../../lambdas/cast-vote/vote-views.ts';
import { nameOfChange } from '../../../lambdas/shared/domain/bundle/bundle.ts';
import { readableProposal } from '../../../lambdas/shared/domain/text/readable-proposal.ts';
import { visibleText } from '../../../lambdas/shared/domain/text/show-hostile-text.ts';
import {
  bodyInWords,
  needsInFull,
  parametersInFull,
} from '../../../lambdas/shared/messages/describe-call.ts';
import { dayAndTime } from '../show-time.ts';

const opens = ({ grants, durationSeconds }: ApprovalView): string =>
  `${grants.map(({ resource, actions }) => `${actions.join(', ')} on ${resource}`).join('; ')}, for ${durationSeconds} s`;

const approvals = ({ quorum, votes }: ApprovalView): string => {
  const given = votes.filter(({ decision }) => decision === 'approve');
  const codes = given.filter(({ stepUp }) => stepUp).length;
  return `${given.length} of ${quorum.approvals}${quorum.stepUp > 0 ? `, ${codes} of ${quorum.stepUp} with a code` : ''}`;
};

/** A call with all that an approval of it lets through. */
function callOf(call: NonNullable<ApprovalView['call']>): string[] {
  const { service, operation, region, accountId, sessionId } = call;
  const body = bodyInWords(call);
  return [
    `  calls      ${service}:${operation} in ${region}, account ${accountId}, once, in ${sessionId}`,
    ...needsInFull(call).map((need) => `    ${need}`),
    '  with',
    ...parametersInFull(call)
      .split('\n')
      .map((line) => `    ${line}`),
    ...(body ? [`    ${body}`] : []),
  ];
}

/** What an approver reads before they answer: all that their vote is bound to. */
export function describeApproval(approval: ApprovalView): string {
  const {
    requestId,
    principalId,
    reason,
    subject,
    job,
    references,
    change,
    call,
    diff,
    risk,
    tier,
    deadline,
  } = approval;
  const text = change ? (diff ?? readableProposal(change)) : undefined;
  return [
    visibleText(requestId),
    `  who        ${principalId}${subject ? `, for ${visibleText(subject.id)}` : ''}`,
    `  why        ${visibleText(reason)}`,
    ...(approval.breakGlass
      ? ['  EMERGENCY  it breaks the glass: an alarm was raised, and others review it']
      : []),
    ...(job === undefined ? [] : [`  job        ${job}, whose grants a change has fixed`]),
    ...(references ? [`  names      ${references.map(visibleText).join(', ')}, unverified`] : []),
    ...(call
      ? callOf(call)
      : [change ? `  change     ${nameOfChange(change)}` : `  opens      ${opens(approval)}`]),
    ...(text ? text.split('\n').map((line) => `    ${visibleText(line)}`) : []),
    ...(risk ? [`  risk       ${risk}, as the review sees it`] : []),
    `  approvals  ${approvals(approval)}`,
    ...(approval.onCall ? [`  on call    ${approval.onCall.map(visibleText).join(', ')}`] : []),
    `  asked      ${tier}, until ${dayAndTime(deadline)}`,
  ].join('\n');
}
