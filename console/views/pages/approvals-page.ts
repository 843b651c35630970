import { html } from 'hono/html';
import type { ApprovalView } from '../../../lambdas/cast-vote/vote-views.ts';
import { visibleText } from '../../../lambdas/shared/domain/text/show-hostile-text.ts';
import { csrfField, type Frame, pageOf } from '../parts/page-of.ts';
import {
  badge,
  choice,
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

export type CardContent = {
  readonly asked: ApprovalView;
  readonly refused?: string | undefined;
  /** What was typed, where it was refused. */
  readonly typed?: Readonly<Record<string, string>>;
  readonly now: Date;
};

/** What it cannot do, whatever whoever asks has in mind. */
function limitsOf({ change, call, grants, durationSeconds = 900, subject }: ApprovalView): Html {
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

const NARROW_TO = [900, 1800, 2700] as const;
const WINDOWS = [
  ['0', 'this once'],
  ['3600', 'the very same for an hour'],
  ['14400', 'the very same for four hours'],
] as const;

/** Parts of the grants, each to be left out. */
const partsOf = ({ grants }: ApprovalView): Html =>
  html`${grants.flatMap(({ resource, actions }) =>
    actions.map(
      (action) =>
        html`<label class="pick"><input type="checkbox" name="part" value="${JSON.stringify([resource, action])}" checked /> <span>${action} on <b>${resource}</b></span></label>`,
    ),
  )}`;

const codeField = html`<label
  >Code of your authenticator
  <span class="hint">Six digits. It is what no page can press for you.</span>
  <input class="code" name="code" required inputmode="numeric" pattern="[0-9]{6}" maxlength="6" autocomplete="one-time-code" />
</label>`;

function formsOf(frame: Frame, { asked, typed = {} }: CardContent): Html {
  const { requestId, proposalDigest, change, call, durationSeconds = 0 } = asked;
  const begin = html`${csrfField(frame)}<input type="hidden" name="proposalDigest" value="${proposalDigest}" />`;
  const action = `/approvals/${requestId}`;
  const shorter = NARROW_TO.filter((seconds) => seconds < durationSeconds);
  return html`<form method="post" action="${action}" class="card fields" aria-label="Approve" data-vote>
      ${begin}<h2>Approve</h2>
      ${change || call ? '' : choice('windowSeconds', 'It counts for', WINDOWS, typed.windowSeconds)}
      ${codeField}<button class="first" name="decision" value="approve">Approve</button>
    </form>
    ${
      change || call
        ? ''
        : html`<details class="card">
            <summary>Approve less</summary>
            <form method="post" action="${action}" class="fields" aria-label="Approve less" data-vote>
              ${begin}
              <fieldset><legend>What is left of it</legend>${partsOf(asked)}</fieldset>
              ${choice('durationSeconds', 'For', [['', `${minutesOf(durationSeconds)}, as asked`], ...shorter.map((seconds) => [String(seconds), minutesOf(seconds)] as const)])}
              ${codeField}<button class="first" name="decision" value="approve_less">Approve that much</button>
            </form>
          </details>`
    }
    <details class="card" ${typed.decision === 'deny' ? 'open' : ''}>
      <summary>Deny</summary>
      <form method="post" action="${action}" class="fields" aria-label="Deny" data-vote>
        ${begin}
        <label>Why <span class="hint">Whoever asked is told.</span><input name="reason" maxlength="600" value="${typed.reason ?? ''}" /></label>
        ${codeField}<button class="danger" name="decision" value="deny">Deny</button>
      </form>
    </details>`;
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
    durationSeconds,
  } = asked;
  return pageOf(frame, {
    title: `${principalId} asks`,
    place: 'Approvals',
    content: html`${said(refused, 'bad')}
      <section class="card urgent" aria-label="What is asked">
        <p class="lead">${titleOf(asked)}${durationSeconds && !change && !call ? html`, for ${minutesOf(durationSeconds)}` : ''}</p>
        <p class="row">
          ${risk ? badge(`risk ${risk}`, risk === 'low' ? 'ok' : risk === 'medium' ? 'wait' : 'no') : ''}
          <span>answer ${until(deadline, now)}</span>
        </p>
        <h2 class="minor">Why, in their own words</h2>
        ${theirWords(reason)}
        ${subject ? html`<p>On behalf of <b>${visibleText(subject.id)}</b> <span class="dim">of ${subject.issuer}</span></p>` : ''}
        ${diff ? html`<h2 class="minor">What would change</h2>${diffOf(diff)}` : change ? html`<pre tabindex="0">${change.proposal}</pre>` : ''}
        ${call ? html`<h2 class="minor">The call, with its parameters</h2><p>${call.needs.map(({ action, on }) => html`${action} on <code>${visibleText(on)}</code><br />`)}</p><pre tabindex="0">${call.parameters}</pre>` : ''}
        <h2 class="minor">What it cannot do</h2>
        ${limitsOf(asked)}
        <p class="dim">
          ${votes.length === 0 ? 'Nobody has answered yet.' : votes.map(({ principalId: voter, decision, votedAt }) => html`${voter}: ${decision}, ${when(votedAt)}. `)}
          ${tier} is asked; ${quorum.approvals} must agree${quorum.stepUp > 0 ? html`, ${quorum.stepUp} with a code` : ''}.
        </p>
      </section>
      ${formsOf(frame, content)}
      ${change && diff ? html`<details><summary>The whole text that would be in force</summary><pre tabindex="0">${change.proposal}</pre></details>` : ''}
      ${change || call ? '' : html`<details><summary>Every action, in full</summary><p>${grantLines(asked.grants)}</p></details>`}
      <p class="dim small">${idChip(requestId)}</p>`,
  });
}
