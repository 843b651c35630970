import { html } from 'hono/html';
import type { RequestView } from '../../../lambdas/front-door/request-views.ts';
import type { CatalogView } from '../../../lambdas/list-catalog/list-catalog-spec.ts';
import { accountInWords } from '../../../lambdas/shared/domain/catalog/accounts.ts';
import { proofInWords } from '../../../lambdas/shared/domain/proof/proof.ts';
import { visibleText } from '../../../lambdas/shared/domain/text/show-hostile-text.ts';
import { csrfField, type Frame, pageOf } from '../parts/page-of.ts';
import { choice, empty, grantLines, type Html, minutesOf, said } from '../parts/pieces.ts';
import { reasonLines } from '../parts/say-reasons.ts';
import { subjectField } from '../parts/subject-field.ts';

export type AskContent = {
  readonly reason?: string | undefined;
  readonly durationSeconds?: string | undefined;
  /** As they were typed, with blanks between them. */
  readonly references?: string | undefined;
  readonly catalog?: CatalogView | undefined;
  /** The identity providers whose users they may ask for, and whether they ask for nobody else; undefined where unknown. */
  readonly subjects: undefined | { readonly issuers: readonly string[]; readonly isRequired: boolean };
  /** What a dry run answered. */
  readonly tried?: RequestView | undefined;
  readonly refused?: string | undefined;
  /** Of this form: sent twice, it asks once. */
  readonly key: string;
};

const DURATIONS = [
  ['', 'As long as the job needs'],
  ['900', '15 minutes'],
  ['1800', '30 minutes'],
  ['3600', '1 hour'],
] as const;

const VERDICTS: Record<string, string> = {
  grant: 'It would be granted at once.',
  apply: 'It would be applied.',
  allow: 'It would be allowed.',
  needs_approval: 'People would be asked first.',
  deny: 'It would be denied.',
  retry_review: 'It was still being reviewed.',
};

function triedOf({ decision, approval }: RequestView): Html {
  if (!decision) return said('It was still being decided. Try again in a moment.');
  const { entitlement, proof } = decision;
  return html`<section class="card" aria-label="What would happen" role="status">
    <h2>${VERDICTS[decision.outcome] ?? decision.outcome}</h2>
    ${reasonLines(decision.reasons)}
    ${entitlement ? html`<p>${grantLines(entitlement.grants)}, for ${minutesOf(entitlement.durationSeconds)}</p>` : ''}
    ${approval ? html`<p>${approval.quorum.approvals} of ${approval.tier} would have to agree.</p>` : ''}
    ${proof ? html`<p class="dim">${visibleText(proofInWords(proof))}</p>` : ''}
    ${
      entitlement
        ? html`<details>
            <summary>The session policy, to the letter</summary>
            <pre tabindex="0">${JSON.stringify(JSON.parse(entitlement.sessionPolicy), null, 2)}</pre>
          </details>`
        : ''
    }
    <p class="dim">Nobody was asked, and nothing was given.</p>
  </section>`;
}

const catalogOf = ({ resources }: CatalogView): Html =>
  resources.length === 0
    ? empty('There is nothing that you could be given by the rules as they are.')
    : html`<ul class="list">
        ${resources.map(
          ({ resource, account, purpose, actions }) =>
            html`<li>
              <b>${resource}</b> ${purpose}
              ${account ? html`<span class="dim">in ${accountInWords(account)}</span>` : ''}
              <span class="dim">${actions.some(({ needs }) => needs.approvals === 0) ? '' : '(people are asked)'}</span>
            </li>`,
        )}
      </ul>`;

/** On whose behalf: proved by a token, and never said by a name. */
function behalfOf(subjects: AskContent['subjects']): Html {
  if (!subjects || subjects.issuers.length === 0) return '';
  const { issuers, isRequired } = subjects;
  const hint = html`As ${issuers.map((issuer, nth) => html`${nth > 0 ? ' or ' : ''}<code>${issuer}</code>`)} gave it to whom you ask for. It is verified, and not stored; what they are called counts for nothing.`;
  return html`<details ${isRequired ? 'open' : ''}>
    <summary>On behalf of somebody</summary>
    ${subjectField(hint, isRequired ? 'required' : '')}
  </details>`;
}

/** Asking, in plain language; and trying what would come of it. */
export function askPage(
  frame: Frame,
  { reason = '', durationSeconds = '', references = '', catalog, subjects, tried, refused, key }: AskContent,
) {
  return pageOf(frame, {
    title: 'Ask for access',
    place: 'Ask',
    content: html`${said(refused, 'bad')} ${tried ? triedOf(tried) : ''}
      <form method="post" action="/ask" class="fields" data-follow>
        ${csrfField(frame)}<input type="hidden" name="key" value="${key}" />
        <label
          >What do you have to do?
          <span class="hint" id="why">Say the job and the data it needs. You do not choose permissions: they are chosen for the job.</span>
          <textarea name="reason" required minlength="10" maxlength="2000" aria-describedby="why" placeholder="Look up why payments failed this morning, in the operational metrics">${reason}</textarea>
        </label>
        <label
          >Tickets it is for
          <span class="hint" id="tickets">Such as OPS-12, with a blank between them. Shown to whoever decides; a rule may ask for one.</span>
          <input name="references" maxlength="330" autocomplete="off" autocapitalize="characters" spellcheck="false" aria-describedby="tickets" value="${references}" />
        </label>
        ${choice('durationSeconds', 'For how long?', DURATIONS, durationSeconds)}
        ${behalfOf(subjects)}
        <div class="answers">
          <button class="first">Ask</button>
          <button name="dryRun" value="yes">Try it: what would happen?</button>
        </div>
      </form>
      ${subjects?.issuers.length === 0 ? html`<p class="dim small">You ask for yourself: your entry names nobody whose customers you may ask for. Agents ask on behalf of a customer with the customer's own token, by the API.</p>` : ''}
      ${catalog ? html`<h2>What you could be given</h2>${catalogOf(catalog)}` : ''}`,
  });
}
