import { createHash } from 'node:crypto';
import type { RequestStatus } from '../../shared/domain/access-request.ts';
import {
  type EventMessage,
  eventMessageSchema,
  MOST_REASON,
} from '../../shared/domain/events/event-message.ts';
import { visibleText } from '../../shared/domain/text/show-hostile-text.ts';
import { executionUrlOf } from '../../shared/messages/execution-url.ts';
import { headlineOf } from '../../shared/messages/headline.ts';
import {
  type AskedRow,
  channelOf,
  type Phase,
  phaseOf,
  type Wording,
} from '../../shared/messages/message-content.ts';
import { cut } from '../../shared/messages/rich-text.ts';

/** Something that happened to a request, with a name that is the same however often it is looked at. */
export type RequestEvent = { readonly id: string; readonly message: EventMessage };

type Outcome = Extract<EventMessage, { type: 'request.decided' }>['data']['outcome'];

/** Nobody having claimed a session in time does not undo that it was approved. */
const OUTCOMES: Partial<Record<RequestStatus, Outcome>> = {
  READY: 'approved',
  ISSUED: 'approved',
  APPLIED: 'approved',
  ALLOWED: 'approved',
  EXPIRED: 'approved',
  DENIED: 'denied',
  CANCELLED: 'cancelled',
  FAILED: 'failed',
};

/** The phase that the summary is worded for: a session that was revoked since was approved all the same. */
const PHASES: Record<Outcome, Phase> = {
  approved: 'approved',
  denied: 'denied',
  cancelled: 'cancelled',
  failed: 'failed',
};

/**
 * What there is to tell of a request that people are, or were, asked about: as it stands, so an earlier event that was
 * missed is not made up for. One name for each tier that is asked and for each outcome: the same twice is one event.
 */
export function eventOfRow(
  row: AskedRow,
  { wording, consoleUrl }: { wording: Wording; consoleUrl: string | undefined },
): RequestEvent | undefined {
  const outcome = OUTCOMES[row.status];
  if (row.status !== 'AWAITING_APPROVAL' && !outcome) return undefined;
  const { approval, requestId } = row;
  const common = commonOf(row, outcome ? PHASES[outcome] : 'waiting', { wording, consoleUrl });
  if (outcome) {
    const isVerdict = outcome === 'approved' || outcome === 'denied';
    const codes = (row.decision?.reasons ?? []).map(({ code }) => code);
    return eventOf([requestId, 'decided', outcome], {
      type: 'request.decided',
      timestamp: (isVerdict && row.decision?.decidedAt) || row.updatedAt,
      data: { ...common, outcome, reasons: [...new Set(codes)] },
    });
  }
  const asking = {
    ...common,
    tier: approval.tier,
    deadline: approval.deadline,
    approvals: approval.quorum.approvals,
    approvalsWithCode: approval.quorum.stepUp,
  };
  const before = approval.history.at(-1);
  return eventOf([requestId, before ? 'escalated' : 'asked', approval.tier], {
    timestamp: approval.askedAt,
    ...(before
      ? { type: 'request.escalated', data: { ...asking, because: before.because } }
      : { type: 'request.asked', data: asking }),
  });
}

function eventOf(name: readonly string[], message: EventMessage): RequestEvent {
  // No full stop may be in it: the signature covers `id.timestamp.body`.
  const id = `evt_${createHash('sha256').update(name.join('\n')).digest('hex').slice(0, 40)}`;
  return { id, message: eventMessageSchema.parse(message) };
}

function commonOf(
  row: AskedRow,
  phase: Phase,
  { wording, consoleUrl }: { wording: Wording; consoleUrl: string | undefined },
) {
  const { requestId, approval } = row;
  const content = { row, tier: approval.tier, votes: [], alike: [], wording, executionUrl: undefined };
  const console = executionUrlOf({ requestId, executionArn: row.executionArn }, consoleUrl);
  return {
    requestId,
    principalId: row.principalId,
    about: row.change?.kind ?? (row.call ? ('call' as const) : ('access' as const)),
    summary: headlineOf(content, phase),
    reason: cut(visibleText(row.reason), MOST_REASON).toWellFormed(),
    onBehalf: row.subject !== undefined,
    links: {
      slack: channelUrl(channelOf(approval.tier, wording)),
      ...(console && { console }),
      command:
        phaseOf(content) === 'waiting' ? `postern approve ${requestId}` : `postern status ${requestId}`,
    },
  };
}

/**
 * Opens the channel, by its id or its name, in the workspace that whoever follows it is signed in to.
 * @see https://docs.slack.dev/interactivity/deep-linking
 */
function channelUrl(channel: string): string {
  const url = new URL('https://slack.com/app_redirect');
  url.searchParams.set('channel', channel.replace(/^#/, ''));
  return url.href;
}
