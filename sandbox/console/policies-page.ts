import { html } from 'hono/html';
import type { Policy, Principal } from '../../lambdas/shared/domain/principal.ts';
import type { RequestRow } from '../../lambdas/shared/domain/request-row.ts';
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

/** One policy: the text in force, what was changed and who agreed, and a form that proposes another. */
export function policyPage(
  principal: Principal,
  policy: Policy | undefined,
  changes: readonly RequestRow[],
  people: readonly string[],
  said: string | undefined,
) {
  return consolePage({
    title: `Policy of ${principal.id}`,
    place: 'Policies',
    said,
    content: html`<p>Version ${policy?.version ?? 0}, in force for every request of ${principal.id} from now on.</p>
      <blockquote>${policy?.text ?? 'There is no text: nothing is granted.'}</blockquote>
      <h2>History</h2>
      ${
        changes.length === 0
          ? html`<p>It was never changed.</p>`
          : html`<ol>
              ${changes.map(
                (row) =>
                  html`<li>
                    ${statusOf(row.status)} ${when(row.createdAt)}, asked by ${row.principalId},
                    ${(row.decision?.reasons ?? []).map(({ detail }) => detail).join(' ')}
                    <a href="/executions/${row.requestId}"><code>${row.requestId}</code></a>
                    ${
                      row.asked?.diff
                        ? html`<details>
                            <summary>What it changed</summary>
                            <pre tabindex="0">${row.asked.diff}</pre>
                          </details>`
                        : ''
                    }
                  </li>`,
              )}
            </ol>`
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
