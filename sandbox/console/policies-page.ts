import { html } from 'hono/html';
import { wholeDiffOf } from '../../lambdas/request-approval/what-is-asked.ts';
import type { StoredVersion } from '../../lambdas/shared/domain/identity/stored-version.ts';
import type { Policy, Principal } from '../../lambdas/shared/domain/principal.ts';
import type { RequestRow } from '../../lambdas/shared/domain/request-row.ts';
import { sayReason } from '../../lambdas/shared/domain/text/say-reason.ts';
import { choice, consolePage, statusOf, when } from './console-page.ts';

/** Everybody who may ask, and by which text. */
export const policiesPage = (principals: readonly Principal[]) =>
  consolePage({
    title: 'Policies',
    place: 'Policies',
    content: html`<div class="scroll">
      <table>
        <thead>
          <tr>
            <th scope="col">Principal</th>
            <th scope="col">Type</th>
            <th scope="col">Status</th>
            <th scope="col">Groups</th>
            <th scope="col">Persons</th>
          </tr>
        </thead>
        <tbody>
          ${principals.map(
            ({ id, type, status, groups, persons }) =>
              html`<tr>
                <td><a href="/policies/${id}">${id}</a></td>
                <td>${type}</td>
                <td class="${status === 'active' ? 'ok' : 'no'}">${status}</td>
                <td>${groups.join(', ')}</td>
                <td>${persons.join(', ')}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`,
  });

type PolicyHistory = {
  /** Every version that there was, the newest first. Empty until the first change. */
  readonly versions: readonly StoredVersion[];
  /** Changes that were asked for, whatever came of them. */
  readonly changes: readonly RequestRow[];
};

/** How one version came about, and what it changed. */
function versionLine({ version, text, change }: StoredVersion, before: StoredVersion | undefined) {
  const agreed = change?.approvers.map(({ principalId }) => principalId).join(', ');
  return html`<li>
    Version ${version}${
      change
        ? html`, applied ${when(change.appliedAt)}, asked by ${change.requestedBy}, agreed by ${agreed || 'nobody'}
            <a href="/executions/${change.requestId}"><code>${change.requestId}</code></a>`
        : ', there before any change'
    }
    <details>
      <summary>${before ? 'What it changed' : 'Its text'}</summary>
      <pre tabindex="0">${before ? wholeDiffOf(before.text, text) : text}</pre>
    </details>
  </li>`;
}

const changeLine = (row: RequestRow) => html`<li>
  ${statusOf(row.status)} ${when(row.createdAt)}, asked by ${row.principalId},
  ${(row.decision?.reasons ?? []).map(sayReason).join(' ')}
  <a href="/executions/${row.requestId}"><code>${row.requestId}</code></a>
  ${
    row.asked?.diff
      ? html`<details>
          <summary>What it would change</summary>
          <pre tabindex="0">${row.asked.diff}</pre>
        </details>`
      : ''
  }
</li>`;

/** One policy: the text in force, its versions and who agreed to them, and a form that proposes another. */
export function policyPage(
  principal: Principal,
  policy: Policy | undefined,
  { versions, changes }: PolicyHistory,
  people: readonly string[],
  said: string | undefined,
) {
  const notApplied = changes.filter(({ status }) => status !== 'APPLIED');
  return consolePage({
    title: `Policy of ${principal.id}`,
    place: 'Policies',
    said,
    content: html`<p>Version ${policy?.version ?? 0}, in force for every request of ${principal.id} from now on.</p>
      <blockquote>${policy?.text ?? 'There is no text: nothing is granted.'}</blockquote>
      <h2>Versions</h2>
      ${
        versions.length === 0
          ? html`<p>It was never changed.</p>`
          : html`<ul>${versions.map((version, index) => versionLine(version, versions[index + 1]))}</ul>`
      }
      ${
        notApplied.length === 0
          ? ''
          : html`<h2>Asked for, and not applied</h2>
              <ul>${notApplied.map(changeLine)}</ul>`
      }
      <h2>Propose another text</h2>
      <p>It is reviewed, and approved by people, before it applies.</p>
      <form method="post" action="/policies/${principal.id}">
        <label class="wide">The whole new text <textarea name="proposal" required maxlength="16384">${policy?.text ?? ''}</textarea></label>
        <div class="line">
          <label class="wide">Why <input name="reason" required minlength="10" maxlength="2000" /></label>
          <p>${choice('as', 'As', people, 'admin')} <button>Propose</button></p>
        </div>
      </form>`,
  });
}
