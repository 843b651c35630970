import { html } from 'hono/html';
import type { PolicyVersions } from '../../../lambdas/list-catalog/get-policy-spec.ts';
import { wholeDiffOf } from '../../../lambdas/request-approval/what-is-asked.ts';
import type { Policy, Principal } from '../../../lambdas/shared/domain/principal.ts';
import { csrfField, type Frame, pageOf } from '../parts/page-of.ts';
import {
  badge,
  diffOf,
  empty,
  type Html,
  idChip,
  inBrief,
  said,
  table,
  theirWords,
  when,
} from '../parts/pieces.ts';

/** Everybody whose policy may be read. */
export const policiesPage = (frame: Frame, principals: readonly Principal[]) =>
  pageOf(frame, {
    title: 'Policies',
    place: 'Policies',
    content: html`<p class="lead">Each principal asks by a text of business rules. A new text is a request that other people approve. IAM policies for a job are made on <a href="/generate">Generate</a>.</p>
      ${table(
        'Policies',
        [
          { name: 'Of', isTitle: true, cell: ({ id }) => html`<a href="/policies/${id}">${id}</a>` },
          { name: 'Kind', cell: ({ type }) => type },
          { name: 'State', cell: ({ status }) => badge(status, status === 'active' ? 'ok' : 'no') },
          { name: 'Groups', cell: ({ groups }) => groups.join(', ') },
        ],
        principals,
      )}`,
  });

export type PolicyContent = {
  readonly id: string;
  readonly policy: Policy | undefined;
  readonly versions: PolicyVersions['versions'];
  readonly mayPropose: boolean;
  /** What was typed, and is shown before it is sent. */
  readonly typed?: { readonly proposal: string; readonly reason: string } | undefined;
  readonly diff?: string | undefined;
  readonly refused?: string | undefined;
  readonly key: string;
};

function versionLine(
  { version, text, change }: PolicyContent['versions'][number],
  before: string | undefined,
): Html {
  return html`<li class="done">
    Version ${version}${change ? html`, asked by ${change.requestedBy}, agreed by ${change.approvers.map(({ principalId }) => principalId).join(', ') || 'nobody'}: “${inBrief(change.reason)}”` : ', there before any change'}
    ${change ? html`<br />${when(change.appliedAt)} ${idChip(change.requestId, `/requests/${change.requestId}`)}` : ''}
    <details>
      <summary>${before === undefined ? 'Its text' : 'What it changed'}</summary>
      ${before === undefined ? theirWords(text) : diffOf(wholeDiffOf(before, text))}
    </details>
  </li>`;
}

function proposeForm(frame: Frame, { id, policy, typed, diff, key }: PolicyContent): Html {
  return html`<h2>Propose another text</h2>
    ${diff === undefined ? '' : html`<section class="card" role="status"><h3>What would change</h3>${diff === '' ? html`<p>Nothing: it is the text in force.</p>` : diffOf(diff)}</section>`}
    <form method="post" action="/policies/${id}" class="fields">
      ${csrfField(frame)}<input type="hidden" name="key" value="${key}" />
      <label>The whole new text <textarea class="long" name="proposal" required maxlength="16384">${typed?.proposal ?? policy?.text ?? ''}</textarea></label>
      <label>Why <span class="hint">For those who approve it.</span><input name="reason" required minlength="10" maxlength="2000" value="${typed?.reason ?? ''}" /></label>
      <div class="answers">
        <button name="preview" value="yes">Show what would change</button>
        <button class="first">Propose</button>
      </div>
    </form>`;
}

/** One policy: the text in force, its versions and who agreed to them, and a form that proposes another. */
export function policyPage(frame: Frame, content: PolicyContent) {
  const { id, policy, versions, mayPropose, refused } = content;
  return pageOf(frame, {
    title: `Policy of ${id}`,
    place: 'Policies',
    content: html`${said(refused, 'bad')}
      ${policy ? html`<p class="dim">Version ${policy.version}, in force for every request of ${id}.</p>${theirWords(policy.text)}` : empty('There is no text: nothing is granted.')}
      ${mayPropose && id !== frame.who ? proposeForm(frame, content) : html`<p class="dim">${id === frame.who ? 'Nobody changes their own policy.' : 'You cannot propose another text.'}</p>`}
      <h2>Versions</h2>
      ${versions.length === 0 ? html`<p>It was never changed.</p>` : html`<ol class="story">${versions.map((version, nth) => versionLine(version, versions[nth + 1]?.text))}</ol>`}`,
  });
}
