import { html } from 'hono/html';
import type { ApprovalView } from '../../../lambdas/cast-vote/vote-views.ts';
import type { RequestView } from '../../../lambdas/front-door/request-views.ts';
import type { LiveSessions } from '../../../lambdas/read-records/record-specs.ts';
import { nameOfChange } from '../../../lambdas/shared/domain/bundle/bundle.ts';
import { type Frame, pageOf } from '../parts/page-of.ts';
import { empty, grantLines, type Html, idChip, inBrief, until, when } from '../parts/pieces.ts';
import { aboutOf, statusBadge } from '../parts/say-status.ts';
import { placesOf } from './landing-page.ts';

export type HomeContent = {
  readonly approvals: readonly ApprovalView[];
  readonly requests: readonly RequestView[];
  readonly sessions: LiveSessions;
  readonly places: readonly (readonly [name: string, place: string])[];
  readonly now: Date;
};

/** One thing that waits, to be opened with a thumb. */
export const waitingCard = (asked: ApprovalView, now: Date): Html =>
  html`<article class="card urgent">
    <div class="row apart">
      <strong>${asked.principalId}</strong>
      <span>${until(asked.deadline, now)}</span>
    </div>
    <p>${titleOf(asked)}</p>
    <p class="dim">“${inBrief(asked.reason)}”</p>
    <a class="button first" href="/approvals/${asked.requestId}">Look at it</a>
  </article>`;

export function titleOf({ change, call, grants, breakGlass }: ApprovalView): Html {
  if (change)
    return change.kind === 'bundle'
      ? html`Change of <b>${nameOfChange(change)}</b>`
      : html`Change of the ${change.kind} of <b>${change.target}</b>`;
  if (call) return html`One call: <b>${call.service}:${call.operation}</b>`;
  return breakGlass ? html`<b>Break glass:</b> ${grantLines(grants)}` : grantLines(grants);
}

/** A request in a list. */
export const requestCard = (request: RequestView, now: Date): Html =>
  html`<article class="card">
    <div class="row apart">${statusBadge(request, now)} <span class="dim small">${when(request.createdAt)}</span></div>
    <p><a href="/requests/${request.requestId}">${inBrief(aboutOf(request), 90)}</a></p>
    <p class="dim">“${inBrief(request.reason)}”</p>
  </article>`;

/** What waits for whoever looks, what they asked for, and what is open now. */
export function homePage(frame: Frame, { approvals, requests, sessions, places, now }: HomeContent) {
  const own = sessions.sessions.filter(({ principalId }) => principalId === frame.who);
  return pageOf(frame, {
    title: 'Home',
    place: 'Home',
    isLive: true,
    content: html`
      ${
        approvals.length > 0
          ? html`<h2>Waits for you</h2>
              <div class="cards">${approvals.map((asked) => waitingCard(asked, now))}</div>`
          : ''
      }
      <h2>Your requests</h2>
      ${
        requests.length > 0
          ? html`<div class="cards">${requests.map((request) => requestCard(request, now))}</div>
              <p><a href="/requests">All of them</a></p>`
          : empty(
              'You have asked for nothing yet.',
              html`<a class="button first" href="/ask">Ask for access</a>`,
            )
      }
      <h2>Your live sessions</h2>
      ${
        own.length > 0
          ? html`<div class="cards">
              ${own.map(
                ({ requestId, grants, expiration }) =>
                  html`<article class="card">
                    <p>${grantLines(grants)}</p>
                    <p class="row apart"><span>Ends ${until(expiration, now)}</span> ${idChip(requestId, `/requests/${requestId}`)}</p>
                  </article>`,
              )}
            </div>`
          : empty('You hold no session. Sessions last from 15 minutes to an hour, and end by themselves.')
      }
      ${
        sessions.sessions.length > own.length
          ? html`<p><a href="/sessions">All live sessions (${sessions.sessions.length})</a></p>`
          : ''
      }
      ${placesOf(places)}
    `,
  });
}
