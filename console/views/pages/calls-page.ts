import { html } from 'hono/html';
import type { z } from 'zod';
import type { gatewaySessionSchema } from '../../../lambdas/front-door/gateway-session-view.ts';
import type { CallRecord } from '../../../lambdas/shared/domain/audit/call-record.ts';
import { visibleText } from '../../../lambdas/shared/domain/text/show-hostile-text.ts';
import { csrfField, type Frame, pageOf } from '../parts/page-of.ts';
import {
  badge,
  choice,
  empty,
  type Html,
  idChip,
  inBrief,
  said,
  table,
  until,
  when,
} from '../parts/pieces.ts';

export type GatewaySession = z.infer<typeof gatewaySessionSchema>;

const stateOf = ({ open, ended, endsAt }: GatewaySession, now: Date): Html =>
  open
    ? html`${badge('Open', 'ok')} ends ${until(endsAt, now)}`
    : ended
      ? html`${badge('Ended', 'off')} by ${ended.by}`
      : badge('Over', 'off');

/** Sessions of the gateway, by which AWS is called without keys. */
export const callSessionsPage = (
  frame: Frame,
  content: {
    readonly sessions: readonly GatewaySession[];
    readonly principal: string | undefined;
    readonly principals: readonly string[];
    readonly said?: string | undefined;
    readonly now: Date;
  },
) =>
  pageOf(frame, {
    title: 'Calls through the gateway',
    place: 'Calls',
    content: html`${said(content.said, 'good')}
      ${
        content.principals.length > 1
          ? html`<form method="get" action="/calls" class="filter">
              ${choice(
                'principal',
                'Of',
                content.principals.map((id) => [id, id]),
                content.principal,
              )}<button>Show</button>
            </form>`
          : ''
      }
      ${
        content.sessions.length === 0
          ? empty(
              html`No session of the gateway yet. One is opened by <code>npx . gateway open</code>, and AWS is called with placeholder keys.`,
            )
          : table(
              'Sessions of the gateway',
              [
                {
                  name: 'Why',
                  isTitle: true,
                  cell: ({ sessionId, reason }) =>
                    html`<a href="/calls/${sessionId}">${inBrief(reason ?? 'Without a reason', 80)}</a>`,
                },
                { name: 'State', cell: (session) => stateOf(session, content.now) },
                {
                  name: 'Who',
                  cell: ({ principalId, subject }) =>
                    html`${principalId}${subject ? html` for ${visibleText(subject.id)}` : ''}`,
                },
                { name: 'Opened', cell: ({ openedAt }) => when(openedAt) },
                { name: 'Session', cell: ({ sessionId }) => idChip(sessionId) },
              ],
              content.sessions,
            )
      }`,
  });

const EVENTS = {
  opened: ['Opened', 'off'],
  held: ['People are asked', 'wait'],
  intent: ['Under way', 'wait'],
  outcome: ['Made', 'ok'],
  refused: ['Refused', 'no'],
} as const satisfies Record<CallRecord['event'], readonly [string, 'ok' | 'no' | 'wait' | 'off']>;

/** The last that is recorded of each call, newest first. */
function latestOf(records: readonly CallRecord[]): CallRecord[] {
  const byCall = new Map(records.map((record) => [record.facts.callId, record]));
  return [...byCall.values()].reverse();
}

function howOf({ event, facts }: CallRecord): Html {
  const [text, tone] = EVENTS[event];
  const failed = event === 'outcome' && (facts.httpStatus ?? 200) >= 400;
  return html`${badge(failed ? 'Failed' : text, failed ? 'no' : tone)} ${facts.httpStatus ? `HTTP ${facts.httpStatus}` : ''}
    ${facts.because ? html`<br /><span class="dim">${visibleText(facts.because)}</span>` : ''}
    ${facts.observed ? html`<br /><span class="dim">Observed, not enforced: ${facts.observed.would}, by ${facts.observed.rules.join(', ')}</span>` : ''}`;
}

/** What one session of the gateway called, while it does. */
export const callsPage = (
  frame: Frame,
  content: {
    readonly session: GatewaySession | undefined;
    readonly sessionId: string;
    readonly records: readonly CallRecord[];
    readonly more: string | undefined;
    readonly now: Date;
  },
) =>
  pageOf(frame, {
    title: 'Calls of a session',
    place: 'Calls',
    isLive: !content.more,
    content: html`<p class="row">${content.session ? stateOf(content.session, content.now) : ''} ${idChip(content.sessionId)}</p>
      ${content.session?.reason ? html`<blockquote>${visibleText(content.session.reason)}</blockquote>` : ''}
      ${
        content.session?.open
          ? html`<form method="post" action="/calls/${content.sessionId}/end">${csrfField(frame)}<button class="danger">End it at once</button></form>`
          : ''
      }
      ${
        content.records.length === 0
          ? empty('Nothing was called yet. What is called shows here as it happens.')
          : table(
              'Calls',
              [
                {
                  name: 'Call',
                  isTitle: true,
                  cell: ({ facts, event }) =>
                    facts.service
                      ? `${visibleText(facts.service)}:${visibleText(facts.operation ?? '')}`
                      : event,
                },
                { name: 'How', cell: howOf },
                {
                  name: 'On',
                  cell: ({ facts }) =>
                    html`${(facts.needs ?? []).map(({ resource }) => html`<code>${visibleText(resource)}</code><br />`)}`,
                },
                {
                  name: 'By',
                  cell: ({ facts }) =>
                    (facts.approval ?? facts.requestId) === undefined
                      ? ''
                      : idChip(
                          String(facts.approval ?? facts.requestId),
                          `/requests/${facts.approval ?? facts.requestId}`,
                        ),
                },
                { name: 'When', cell: (record) => when(record.at) },
              ],
              latestOf(content.records),
            )
      }
      ${content.more ? html`<p><a class="button" href="${content.more}">Later ones</a></p>` : ''}`,
  });
