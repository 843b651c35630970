import { html } from 'hono/html';
import type { Config } from '../../lambdas/shared/adapters/config/load-config.ts';
import {
  type MatrixGroup,
  type MatrixResource,
  matrixByGroup,
  NEVER,
} from '../../lambdas/shared/domain/guardrails/matrix-by-group.ts';
import type { Principal } from '../../lambdas/shared/domain/principal.ts';
import { consolePage } from './console-page.ts';

/** What of the matrix is shown. */
export type AccessFilter = {
  readonly principal?: string | undefined;
  /** A part of resources' keys. */
  readonly resource?: string | undefined;
};

const classOf = (answer: string): string => {
  if (answer === NEVER) return 'never';
  return answer === 'allowed' ? 'ok' : 'wait';
};

const isNever = ({ answers }: MatrixResource): boolean => answers.every(({ answer }) => answer === NEVER);

const lineOf = ({ key, ownRows, answers }: MatrixResource) =>
  answers
    .filter(({ answer }) => answer !== NEVER)
    .map(
      ({ answer, actions }) =>
        html`<tr>
          <th scope="row">${key}${ownRows ? ' (own rows)' : ''}</th>
          <td class="${classOf(answer)}">${answer}</td>
          <td>${actions.map((action, index) => html`${index > 0 ? ', ' : ''}<code>${action}</code>`)}</td>
        </tr>`,
    );

const tableOf = (group: MatrixGroup) => {
  const never = group.resources.filter(isNever);
  const rest = group.resources.filter((resource) => !isNever(resource));
  return html`<h2>${group.principals.join(', ')}</h2>
    ${group.groups.length > 0 ? html`<p>In ${group.groups.join(', ')}.</p>` : ''}
    ${
      rest.length === 0
        ? ''
        : html`<div class="scroll" tabindex="0" role="region" aria-label="What ${group.principals.join(', ')} could get">
            <table>
              <thead>
                <tr>
                  <th scope="col">Resource</th>
                  <th scope="col">Takes</th>
                  <th scope="col">Actions</th>
                </tr>
              </thead>
              <tbody>
                ${rest.map(lineOf)}
              </tbody>
            </table>
          </div>`
    }
    ${
      never.length === 0
        ? ''
        : html`<details>
            <summary>Never: ${never.length} of ${group.resources.length} resources</summary>
            <p>${never.map(({ key }) => key).join(', ')}</p>
          </details>`
    }`;
};

/** Who could get what, with how many approvals: principals whom the guardrails answer alike stand together. */
export function accessPage(config: Config, principals: readonly Principal[], filter: AccessFilter = {}) {
  const chosen = principals.filter(({ id }) => !filter.principal || id === filter.principal);
  const part = filter.resource?.trim().toLowerCase() ?? '';
  const resources = new Map([...config.catalog.resources].filter(([key]) => key.includes(part)));
  const groups = matrixByGroup({ ...config, catalog: { resources } }, chosen);
  return consolePage({
    title: 'Who could get what',
    place: 'Access',
    content: html`<p>
        The guardrails' answers, as favourable as they can be. The reviewer, the policy text and people may still say
        no. <code>npm run guardrails -- explain</code> says which policies decide.
      </p>
      <form class="line" method="get" action="/access">
        <label>Principal
          <select name="principal">
            <option value="">everybody</option>
            ${principals.map(
              ({ id }) => html`<option ${id === filter.principal ? 'selected' : ''}>${id}</option>`,
            )}
          </select>
        </label>
        <label>Resource <input name="resource" value="${filter.resource ?? ''}" maxlength="64" /></label>
        <button>Show</button>
      </form>
      ${resources.size === 0 ? html`<p>The catalog has no resource of that name.</p>` : groups.map(tableOf)}`,
  });
}
