import { html } from 'hono/html';
import type { ApprovalView } from '../../../lambdas/cast-vote/vote-views.ts';
import { csrfField, type Frame } from './page-of.ts';
import { choice, type Html, minutesOf } from './pieces.ts';

/** How a voter proves a vote here: how many passkeys they have, and whether this is the page that takes them. */
export type VoterPasskeys = { readonly count: number; readonly areTakenHere: boolean };

export type VoteFormsContent = {
  readonly asked: ApprovalView;
  readonly passkeys: VoterPasskeys;
  /** What was typed, where it was refused. */
  readonly typed?: Readonly<Record<string, string>> | undefined;
};

const NARROW_TO = [900, 1800, 2700] as const;
const WINDOWS = [
  ['0', 'this once'],
  ['3600', 'the very same for an hour'],
  ['14400', 'the very same for four hours'],
] as const;

/** Parts of the grants, each to be left out. */
const partsOf = ({ grants }: ApprovalView): Html =>
  html`${grants.flatMap(({ resource, actions }, nth) =>
    actions.map(
      (action) =>
        html`<label class="pick"><input type="checkbox" name="part" data-grant="${nth}" value="${JSON.stringify([resource, action])}" checked /> <span>${action} on <b>${resource}</b></span></label>`,
    ),
  )}`;

type Answer = {
  readonly decision: 'approve' | 'approve_less' | 'deny';
  readonly byPasskey: string;
  readonly byCode: string;
};

const codeOf = ({ decision, byCode }: Answer, kind: string): Html =>
  html`<label
      >Code of your authenticator
      <span class="hint">Six digits. It is what no page can press for you.</span>
      <input class="code" name="code" required inputmode="numeric" pattern="[0-9]{6}" maxlength="6" autocomplete="one-time-code" /></label
    ><button class="${kind}" name="decision" value="${decision}">${byCode}</button>`;

/** What proves the vote, and sends it: a passkey where the voter has one, else a code of theirs. */
function proofOf(answer: Answer, { count, areTakenHere }: VoterPasskeys): Html {
  const kind = answer.decision === 'deny' ? 'danger' : 'first';
  if (count === 0 || !areTakenHere) return codeOf(answer, kind);
  return html`<button type="button" class="${kind}" hidden data-passkey="${answer.decision}">${answer.byPasskey}</button>
    <p class="said bad" role="alert" hidden data-said></p>
    <p class="dim" hidden data-without-passkeys>This browser has no passkeys: answer with a code.</p>
    <noscript><p class="dim">Passkeys need scripts, which are off in this browser: answer with a code.</p></noscript>
    <details><summary>With a code instead</summary><div class="fields">${codeOf(answer, '')}</div></details>`;
}

const hintOf = (frame: Frame, { count, areTakenHere }: VoterPasskeys): Html =>
  count === 0 && areTakenHere
    ? html`<p class="dim small"><a href="/people/${frame.who}#passkeys">Create a passkey</a>, and you answer with a finger or a face instead of a code.</p>`
    : '';

/** The ways to answer: yes, less, no. */
export function voteForms(frame: Frame, { asked: view, passkeys, typed = {} }: VoteFormsContent): Html {
  const { requestId, proposalDigest, tier, change, call, durationSeconds = 0 } = view;
  const begin = html`${csrfField(frame)}<input type="hidden" name="proposalDigest" value="${proposalDigest}" />`;
  // Beside the fields, all that a passkey signs: the script takes it from here.
  const form = html`method="post" action="/approvals/${requestId}" data-request-id="${requestId}" data-tier="${tier}" data-voter="${frame.who}"`;
  const shorter = NARROW_TO.filter((seconds) => seconds < durationSeconds);
  return html`<form ${form} class="card fields" aria-label="Approve">
      ${begin}<h2>Approve</h2>
      ${change || call ? '' : choice('windowSeconds', 'It counts for', WINDOWS, typed.windowSeconds)}
      ${proofOf({ decision: 'approve', byPasskey: 'Approve with passkey', byCode: 'Approve' }, passkeys)}
    </form>
    ${
      change || call
        ? ''
        : html`<details class="card">
            <summary>Approve less</summary>
            <form ${form} class="fields" aria-label="Approve less">
              ${begin}
              <fieldset><legend>What is left of it</legend>${partsOf(view)}</fieldset>
              ${choice('durationSeconds', 'For', [['', `${minutesOf(durationSeconds)}, as asked`], ...shorter.map((seconds) => [String(seconds), minutesOf(seconds)] as const)])}
              ${proofOf({ decision: 'approve_less', byPasskey: 'Approve that much with passkey', byCode: 'Approve that much' }, passkeys)}
            </form>
          </details>`
    }
    <details class="card" ${typed.decision === 'deny' ? 'open' : ''}>
      <summary>Deny</summary>
      <form ${form} class="fields" aria-label="Deny">
        ${begin}
        <label>Why <span class="hint">Whoever asked is told.</span><input name="reason" maxlength="600" value="${typed.reason ?? ''}" /></label>
        ${proofOf({ decision: 'deny', byPasskey: 'Deny with passkey', byCode: 'Deny' }, passkeys)}
      </form>
    </details>
    ${hintOf(frame, passkeys)}`;
}
