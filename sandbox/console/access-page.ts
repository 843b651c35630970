import { html } from 'hono/html';
import type { Config } from '../../lambdas/shared/adapters/config/load-config.ts';
import { grantableActions } from '../../lambdas/shared/domain/catalog/catalog.ts';
import { answerFor, inWords } from '../../lambdas/shared/domain/guardrails/guardrail-answers.ts';
import type { Principal } from '../../lambdas/shared/domain/principal.ts';
import { consolePage } from './console-page.ts';

const classOf = (answer: string): string => {
  if (answer === 'never') return 'never';
  return answer === 'allowed' ? 'ok' : 'wait';
};

/** Who could get what, with how many approvals: the guardrails' answer to every question there is. */
export function accessPage(config: Config, principals: readonly Principal[]) {
  const rows = [...config.catalog.resources.values()].flatMap((resource) =>
    grantableActions(resource).map((action) => ({ resource, action })),
  );
  return consolePage({
    title: 'Who could get what',
    place: 'Access',
    content: html`<p>
        The guardrails' answers, as favourable as they can be. The reviewer, the policy text and people may still say
        no. <code>npm run guardrails -- explain</code> says which policies decide.
      </p>
      <div class="scroll" tabindex="0" role="region" aria-label="The matrix">
        <table>
          <thead>
            <tr>
              <th scope="col">Resource</th>
              <th scope="col">Action</th>
              ${principals.map(({ id }) => html`<th scope="col">${id}</th>`)}
            </tr>
          </thead>
          <tbody>
            ${rows.map(
              ({ resource, action }) =>
                html`<tr>
                  <th scope="row">${resource.key}${resource.subjectScoped ? ' (own rows)' : ''}</th>
                  <td><code>${action}</code></td>
                  ${principals.map((principal) => {
                    const answer = inWords(answerFor(config, principal, resource, action));
                    return html`<td class="${classOf(answer)}">${answer}</td>`;
                  })}
                </tr>`,
            )}
          </tbody>
        </table>
      </div>`,
  });
}
