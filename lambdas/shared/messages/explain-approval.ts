import type { ReasonCode } from '../domain/reason.ts';
import { visibleText } from '../domain/text/show-hostile-text.ts';
import { channelOf, type MessageContent } from './message-content.ts';
import { bold, code, moment, type Piece, text, utcTime } from './rich-text.ts';

/** Reasons for asking a person that no guardrail gave. */
const OF_THE_REVIEW: Partial<Record<ReasonCode, string>> = {
  break_glass_needs_approval: 'it is for emergencies',
  risk_needs_approval: 'the review sees a high risk',
  authorization_needs_approval: 'the policy does not clearly cover it',
};

/** What asks for a person: the guardrails or the gateway's rules by their ids, or the review. */
function whyAPerson({ row }: Pick<MessageContent, 'row'>): string[] {
  const reasons = row.decision?.reasons ?? [];
  const ids = new Set(
    reasons.flatMap((reason) =>
      reason.code === 'guardrail_needs_approval' || reason.code === 'call_needs_approval'
        ? reason.policyIds
        : [],
    ),
  );
  return [...ids, ...reasons.flatMap(({ code }) => OF_THE_REVIEW[code] ?? [])];
}

/** `0 of 1 approvals`; `1 of 2 approvals, 0 of 1 with a code`. */
export function approvalsInWords({ row, votes }: Pick<MessageContent, 'row' | 'votes'>): string {
  const { approvals, stepUp } = row.approval.quorum;
  const given = votes.filter(({ decision }) => decision === 'approve');
  const codes = given.filter((vote) => vote.stepUp).length;
  const withCode = stepUp > 0 ? `, ${codes} of ${stepUp} with a code` : '';
  return `${given.length} of ${approvals} approvals${withCode}`;
}

/** Approvals with a code that are still missing. */
export function codesMissing({ row, votes }: Pick<MessageContent, 'row' | 'votes'>): number {
  const given = votes.filter(({ decision, stepUp }) => decision === 'approve' && stepUp);
  return Math.max(0, row.approval.quorum.stepUp - given.length);
}

/** When the last tier's time is over, if all of them stay silent. */
function deniedAt({ row, wording }: Pick<MessageContent, 'row' | 'wording'>): string {
  const { deadline, nextTiers } = row.approval;
  const seconds = nextTiers.map(
    (name) => wording.tiers.find((tier) => tier.name === name)?.timeoutSeconds ?? 0,
  );
  const later = seconds.reduce((sum, more) => sum + more, 0) * 1000;
  return new Date(new Date(deadline).getTime() + later).toISOString();
}

/** What happens when, if nobody answers. */
export function deadlineLine(content: Pick<MessageContent, 'row' | 'wording'>): Piece[] {
  const { deadline, nextTiers } = content.row.approval;
  const [next] = nextTiers;
  const denied = [text('Denied at '), moment(deniedAt(content)), text(' if nobody answers.')];
  if (next === undefined) return denied;
  return [text(`Moves to ${channelOf(next, content.wording)} at `), moment(deadline), text('. '), ...denied];
}

/** The same for a notification, in UTC: nobody's zone is known there. */
export function deadlineInText(content: Pick<MessageContent, 'row' | 'wording'>): string {
  const { deadline, nextTiers } = content.row.approval;
  const [next] = nextTiers;
  const denied = `Denied at ${utcTime(deniedAt(content))} if nobody answers.`;
  return next === undefined
    ? denied
    : `Moves to ${channelOf(next, content.wording)} at ${utcTime(deadline)}. ${denied}`;
}

const BECAUSE = {
  timed_out: 'no answer',
  unreachable: 'could not be reached',
  nobody_on_call: 'nobody on call',
} as const;

/** The tiers that were asked before this one. */
export function historyLine({
  row,
  tier,
  wording,
}: Pick<MessageContent, 'row' | 'tier' | 'wording'>): Piece[] {
  const before = row.approval.history.filter((end) => end.tier !== tier);
  if (before.length === 0) return [];
  return [
    bold('Before  '),
    ...before.flatMap(({ tier: name, because, endedAt }) => [
      text(`${channelOf(name, wording)}: ${BECAUSE[because]} until `),
      moment(endedAt),
      text('  '),
    ]),
  ];
}

/** Who is on call, where that is who decides; as facts from outside name them. */
export const onCallLine = ({ row, tier }: Pick<MessageContent, 'row' | 'tier'>): Piece[] =>
  row.approval.tier === tier && row.approval.onCall
    ? [bold('On call  '), text(visibleText(row.approval.onCall.join(', ')))]
    : [];

/** `Why you   balances-write-needs-human · 0 of 1 approvals`. */
export function whyLine(content: Pick<MessageContent, 'row' | 'votes'>): Piece[] {
  const why = whyAPerson(content);
  return [
    bold('Why you  '),
    ...why.flatMap((id) => [code(id), text(' · ')]),
    text(approvalsInWords(content)),
  ];
}
