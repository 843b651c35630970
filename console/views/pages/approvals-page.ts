import { html } from 'hono/html';
import type { ApprovalView } from '../../../lambdas/cast-vote/vote-views.ts';
import { visibleText } from '../../../lambdas/shared/domain/text/show-hostile-text.ts';
import { type Frame, pageOf } from '../parts/page-of.ts';
import {
  badge,
  diffOf,
  empty,
  grantLines,
  type Html,
  idChip,
  minutesOf,
  said,
  theirWords,
  until,
  when,
} from '../parts/pieces.ts';
import { textOfChange } from '../parts/text-of-change.ts';
import { type VoteFormsContent, voteForms } from '../parts/vote-forms.ts';
import { titleOf, waitingCard } from './home-page.ts';

/** What waits for an approver, the oldest first. */
export const approvalsPage = (
  frame: Frame,
  approvals: readonly ApprovalView[],
  done: string | undefined,
  now: Date,
) =>
  pageOf(frame, {
    title: 'Approvals',
    place: 'Approvals',
    isLive: true,
    content: html`${said(done, 'good')}
      ${
        approvals.length > 0
          ? html`<div class="cards">${approvals.map((asked) => waitingCard(asked, now))}</div>`
          : empty('Nothing waits for you. Whoever is asked next is told in Slack, too.')
      }`,
  });

export type CardContent = VoteFormsContent & {
  readonly refused?: string | undefined;
  readonly now: Date;
};

/** What it cannot do, whatever whoever asks has in mind. */
function limitsOf({ principalId, change, call, grants, durationSeconds = 900, subject }: ApprovalView): Html {
  // Of their own entry people may propose nothing but their passkeys.
  if (change?.kind === 'principal' && change.target === principalId)
    return html`<ul>
      <li>Their passkeys change, and nothing else of them.</li>
      <li><b>Ask ${principalId}, by another way, whether they made it</b>, and compare what they call it: from then on it proves their votes.</li>
    </ul>`;
  if (change)
    return html`<ul><li>Exactly this text is applied, and nothing else.</li><li>It can be undone by another change alone.</li></ul>`;
  if (call) return html`<ul><li>This one call, with these parameters, once, within 15 minutes.</li></ul>`;
  return html`<ul>
    <li>Nothing but ${grants.map(({ resource }) => resource).join(', ')}: every other resource is refused.</li>
    <li>It ends after ${minutesOf(durationSeconds)} by itself, cannot be prolonged, and can be ended at any time.</li>
    ${subject ? html`<li>Rows of ${visibleText(subject.id)} alone, where rows belong to somebody.</li>` : ''}
    <li>It is proved, before it is made, that the session opens no more than this.</li>
  </ul>`;
}

/** Somebody woken at night: what is asked, by whom, why, what it cannot do, how long there is, and one thumb to answer. */
export function approvalCard(frame: Frame, content: CardContent) {
  const { asked, refused, now } = content;
  const {
    requestId,
    principalId,
    subject,
    reason,
    risk,
    tier,
    deadline,
    quorum,
    votes,
    diff,
    change,
    call,
    references,
    onCall,
    durationSeconds,
  } = asked;
  return pageOf(frame, {
    title: `${principalId} asks`,
    place: 'Approvals',
    takesPasskeys: true,
    content: html`${said(refused, 'bad')}
      <section class="card urgent" aria-label="What is asked">
        <p class="lead">${titleOf(asked)}${durationSeconds && !change && !call ? html`, for ${minutesOf(durationSeconds)}` : ''}</p>
        <p class="row">
          ${risk ? badge(`risk ${risk}`, risk === 'low' ? 'ok' : risk === 'medium' ? 'wait' : 'no') : ''}
          <span>answer ${until(deadline, now)}</span>
        </p>
        <h2 class="minor">Why, in their own words</h2>
        ${theirWords(reason)}
        ${references ? html`<p>For <b>${visibleText(references.join(', '))}</b> <span class="dim">as they say; nobody verified it</span></p>` : ''}
        ${subject ? html`<p>On behalf of <b>${visibleText(subject.id)}</b> <span class="dim">of ${subject.issuer}</span></p>` : ''}
        ${diff ? html`<h2 class="minor">What would change</h2>${diffOf(diff)}` : change ? html`<pre tabindex="0">${textOfChange(change)}</pre>` : ''}
        ${call ? html`<h2 class="minor">The call, with its parameters</h2><p>${call.needs.map(({ action, on }) => html`${action} on <code>${visibleText(on)}</code><br />`)}</p><pre tabindex="0">${call.parameters}</pre>` : ''}
        <h2 class="minor">What it cannot do</h2>
        ${limitsOf(asked)}
        <p class="dim">
          ${votes.length === 0 ? 'Nobody has answered yet.' : votes.map(({ principalId: voter, decision, votedAt }) => html`${voter}: ${decision}, ${when(votedAt)}. `)}
          ${tier} is asked${onCall ? html`, where ${visibleText(onCall.join(', '))} is on call` : ''}; ${quorum.approvals} must agree${quorum.stepUp > 0 ? html`, ${quorum.stepUp} with a passkey or a code` : ''}.
        </p>
      </section>
      ${voteForms(frame, content)}
      ${change && diff ? html`<details><summary>The whole text that would be in force</summary><pre tabindex="0">${textOfChange(change)}</pre></details>` : ''}
      ${change || call ? '' : html`<details><summary>Every action, in full</summary><p>${grantLines(asked.grants)}</p></details>`}
      <p class="dim small">${idChip(requestId)}</p>`,
  });
}
