import { html } from 'hono/html';
import type { Passkey } from '../../../lambdas/shared/domain/approvals/passkey.ts';
import { csrfField, type Frame } from './page-of.ts';
import { empty, type Html, idChip } from './pieces.ts';

export type PasskeyListContent = {
  readonly principalId: string;
  readonly passkeys: readonly Passkey[];
  /** Of whoever looks: the page that takes them, which is this one or another; undefined where none does. */
  readonly own?: { readonly origin: string | undefined; readonly isHere: boolean } | undefined;
  readonly key: string;
  /** What was typed, where it was refused. */
  readonly typed?: { readonly label?: string | undefined; readonly reason?: string | undefined } | undefined;
};

const giveUp = (frame: Frame, { principalId, key }: PasskeyListContent, id: string, nth: number): Html =>
  html`<details>
    <summary>Give it up</summary>
    <form method="post" action="/people/${principalId}/passkeys/${id}/revoke" class="fields">
      ${csrfField(frame)}<input type="hidden" name="key" value="${key}-${nth}" />
      <label>Why <span class="hint">From then on it proves no vote of yours, nor those that were not used yet.</span><input name="reason" required minlength="10" maxlength="2000" value="I give up this passkey." /></label>
      <button class="danger">Give it up</button>
    </form>
  </details>`;

function createForm(frame: Frame, { principalId, passkeys, key, typed = {} }: PasskeyListContent): Html {
  const ids = JSON.stringify(passkeys.map(({ id }) => id));
  return html`<form method="post" action="/people/${principalId}/passkeys" class="card fields" aria-label="Create a passkey" data-voter="${principalId}" data-passkeys="${ids}">
    ${csrfField(frame)}<input type="hidden" name="key" value="${key}" />
    <h3>Create a passkey</h3>
    <p class="dim">Your phone or computer makes it and verifies you each time: a finger, a face or a PIN. Others approve it before it counts, and ask you whether you made it.</p>
    <label>What you call it <span class="hint">Such as “Phone”. Letters, digits, blanks and . , ' ( ) _ -</span><input name="label" required maxlength="60" value="${typed.label ?? ''}" /></label>
    <label>Why <span class="hint">For those who approve it.</span><input name="reason" required minlength="10" maxlength="2000" value="${typed.reason ?? 'A passkey of my own, to prove my votes with.'}" /></label>
    <button type="button" class="first" hidden data-passkey="create">Create a passkey</button>
    <p class="said bad" role="alert" hidden data-said></p>
    <p class="dim" hidden data-without-passkeys>This browser makes no passkeys.</p>
    <noscript><p class="dim">Passkeys need scripts, which are off in this browser.</p></noscript>
  </form>`;
}

/** Somebody's passkeys; to whose they are, with what makes and ends one. */
export function passkeyList(frame: Frame, content: PasskeyListContent): Html {
  const { passkeys, own } = content;
  return html`<h2 id="passkeys">Passkeys</h2>
    ${
      passkeys.length === 0
        ? empty(own ? 'You have none: you prove your votes with codes.' : 'They have none.')
        : passkeys.map(
            ({ id, label }, nth) =>
              html`<article class="card" aria-label="${label}"><p class="row apart"><strong>${label}</strong> ${idChip(id)}</p>${own ? giveUp(frame, content, id, nth) : ''}</article>`,
          )
    }
    ${own?.isHere ? createForm(frame, content) : ''}
    ${own && !own.isHere ? html`<p class="dim">${own.origin ? html`Passkeys are made and used at <a href="${own.origin}/people/${content.principalId}">${own.origin}</a>, and not here.` : 'No page is set up for passkeys: votes are proved with codes.'}</p>` : ''}`;
}
