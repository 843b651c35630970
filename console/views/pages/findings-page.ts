import { html } from 'hono/html';
import { visibleText } from '../../../lambdas/shared/domain/text/show-hostile-text.ts';
import type { Finding } from '../../../policy/check/finding.ts';
import { csrfField, type Frame, pageOf } from '../parts/page-of.ts';
import { badge, choice, empty, type Html, said, toneOf } from '../parts/pieces.ts';

/** What the toolkit says of a policy. */
export type CheckedPolicy = {
  readonly score?: number | undefined;
  readonly findings: readonly Pick<Finding, 'id' | 'severity' | 'title' | 'why' | 'remedy' | 'path'>[];
  /** Why it could not be read at all. */
  readonly unread?: string | undefined;
};
export type FindingsContent = {
  readonly types: readonly string[];
  readonly type?: string | undefined;
  readonly text?: string | undefined;
  readonly checked?: CheckedPolicy | undefined;
};

const findingOf = ({ id, severity, title, why, remedy, path }: CheckedPolicy['findings'][number]): Html =>
  html`<article class="card">
    <p class="row">${badge(severity, toneOf(severity))} <strong>${visibleText(title)}</strong> <code>${id}</code></p>
    <p>${visibleText(why)}</p>
    <p><b>What to do:</b> ${visibleText(remedy)}</p>
    <p class="dim small">${visibleText(String(path))}</p>
  </article>`;

const checkedOf = ({ score, findings, unread }: CheckedPolicy): Html =>
  html`<section aria-label="What was found" role="status">
    ${said(unread, 'bad')}
    ${score === undefined ? '' : html`<h2>Score ${score} of 100</h2>`}
    ${findings.length === 0 && !unread ? empty('Nothing was found.') : findings.map(findingOf)}
  </section>`;

/** What is wrong with a policy: the toolkit's answer, for whoever has one at hand. */
export const findingsPage = (frame: Frame, { types, type, text = '', checked }: FindingsContent) =>
  pageOf(frame, {
    title: 'Findings',
    place: 'Findings',
    content: html`<p class="lead">What is wrong with an IAM policy: grammar, breadth, ways to escalate, trust of strangers.</p>
      ${checked ? checkedOf(checked) : ''}
      <form method="post" action="/findings" class="fields">
        ${csrfField(frame)}
        ${choice(
          'type',
          'It is attached as',
          types.map((name) => [name, name]),
          type,
        )}
        <label>The policy, as JSON <textarea class="long code" name="policy" required maxlength="200000" spellcheck="false">${text}</textarea></label>
        <button class="first">Check it</button>
      </form>
      <p class="dim small">It is looked at here and kept nowhere. Whole accounts, Terraform plans and templates: <code>npx . iam check</code>, <code>npx . iam audit</code>. To have one made: <a href="/generate">Generate</a>.</p>`,
  });
