import { html } from 'hono/html';
import type { LiveSessions } from '../../../lambdas/read-records/record-specs.ts';
import { visibleText } from '../../../lambdas/shared/domain/text/show-hostile-text.ts';
import { csrfField, type Frame, pageOf } from '../parts/page-of.ts';
import { empty, grantLines, idChip, inBrief, said, table, until } from '../parts/pieces.ts';

export type SessionsContent = {
  readonly live: LiveSessions;
  readonly said?: string | undefined;
  readonly refused?: string | undefined;
  readonly now: Date;
};

/** Live sessions, each with what ends it. */
export function sessionsPage(frame: Frame, { live, said: done, refused, now }: SessionsContent) {
  const { sessions, mayEndOthers, complete } = live;
  const endOf = ({ requestId, principalId }: LiveSessions['sessions'][number]) =>
    mayEndOthers || principalId === frame.who
      ? html`<details>
          <summary>Revoke…</summary>
          <form method="post" action="/sessions/${requestId}/revoke" class="fields">
            ${csrfField(frame)}
            <label>Why <input name="reason" ${principalId === frame.who ? '' : 'required'} minlength="3" maxlength="500" /></label>
            <button class="danger">End it now</button>
          </form>
        </details>`
      : '';
  return pageOf(frame, {
    title: 'Live sessions',
    place: 'Sessions',
    isLive: true,
    content: html`${said(refused, 'bad')}${said(done, 'good')}
      ${
        sessions.length === 0
          ? empty('Nobody holds a session now, as far as you may see.')
          : table(
              'Live sessions',
              [
                {
                  name: 'Who',
                  isTitle: true,
                  cell: ({ principalId, subject }) =>
                    html`${principalId}${subject ? html` for ${visibleText(subject.id)}` : ''}`,
                },
                { name: 'May', cell: ({ grants }) => grantLines(grants) },
                { name: 'Why', cell: ({ reason }) => inBrief(reason, 100) },
                { name: 'Ends', cell: ({ expiration }) => until(expiration, now) },
                { name: 'Request', cell: ({ requestId }) => idChip(requestId, `/requests/${requestId}`) },
                { name: 'End it', isBare: true, cell: endOf },
              ],
              sessions,
            )
      }
      ${complete ? '' : html`<p class="dim">There are more than these: the next to end are shown.</p>`}
      <p class="dim small">A session that is ended is refused by AWS on its next call, within seconds.</p>`,
  });
}
