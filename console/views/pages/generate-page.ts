import { html } from 'hono/html';
import { visibleText } from '../../../lambdas/shared/domain/text/show-hostile-text.ts';
import type { Finding } from '../../../policy/check/finding.ts';
import type { Question } from '../../../policy/generate/intent.ts';
import { csrfField, type Frame, pageOf } from '../parts/page-of.ts';
import { badge, empty, type Html, said, theirWords, toneOf } from '../parts/pieces.ts';

/** A question, with what was answered and what is wrong with that. */
export type ShownQuestion = Question & { readonly typed?: string; readonly problem?: string };

type Named = { readonly name: string; readonly say: string };

/** Policies as a page shows them. */
export type ShownMade = {
  readonly permissions: string;
  readonly trust: string | undefined;
  /** Why each statement is there. */
  readonly why: readonly Named[];
  /** What is not in it, and might be missed. */
  readonly notes: readonly string[];
  readonly findings: readonly (Pick<Finding, 'id' | 'severity' | 'detail'> & {
    readonly because: readonly string[];
  })[];
  readonly score: number | undefined;
  /** How it stands to what it changes. */
  readonly refined:
    | readonly { readonly what: string; readonly isWithin: boolean; readonly say: string }[]
    | undefined;
  /** The same in the languages of other tools. */
  readonly written: readonly { readonly name: string; readonly text: string }[];
  readonly catalog: {
    readonly entries: string | undefined;
    readonly guardrails: string;
    readonly leftOut: readonly string[];
  };
};

type By = { readonly model: string; readonly isOffline: boolean };

export type GenerateContent = {
  /** All that was said, the first first. */
  readonly said?: readonly string[];
  readonly readBy?: By;
  /** What the next form brings along. */
  readonly carried?: string;
  readonly questions?: readonly ShownQuestion[];
  readonly made?: ShownMade;
  /** The answer to a question. */
  readonly answer?: { readonly lines: readonly string[]; readonly readBy: By };
  /** What was typed and not taken. */
  readonly prose?: string;
  readonly problem?: string;
  /** Whether the model is down: key words can read it. */
  readonly isDown?: boolean;
  /** Who may ask, of a catalog's entry. */
  readonly group?: string;
};

const sayReader = ({ model, isOffline }: By): Html =>
  isOffline
    ? html`<p class="said">Read by the <b>${visibleText(model)}</b>, which knows key words and no language: see whether it understood. Exact names of actions and ARNs it takes of any service. For a language model: <code>npx . iam generate</code> with <code>OPENAI_API_KEY</code>.</p>`
    : html`<p class="dim">Read by ${visibleText(model)}; the policies are written by code.</p>`;

/** Text of several lines, to be looked at and copied. Where scripts run there is a button. */
const copied = (name: string, text: string): Html =>
  html`<pre>${text.split('\n').map((line, nth) => html`${nth > 0 ? '\n' : ''}${visibleText(line)}`)}</pre>
    <p><button type="button" hidden data-copy="${text}" aria-label="Copy: ${name}">Copy</button></p>`;

const carriedField = (carried: string): Html =>
  html`<input type="hidden" name="carried" value="${carried}" />`;

function questionOf({ id, question, examples, typed = '', problem }: ShownQuestion): Html {
  return html`<div>
    <label>${visibleText(question)}
      <span class="hint">Such as ${examples.map((example, nth) => html`${nth > 0 ? ', ' : ''}<code>${example}</code>`)}</span>
      <input name="answer.${id}" value="${typed}" maxlength="1300" required spellcheck="false" autocapitalize="off" autocomplete="off" ${problem === undefined ? '' : html`aria-invalid="true"`} /></label>
    ${problem === undefined ? '' : said(`${visibleText(problem.charAt(0).toUpperCase() + problem.slice(1))}.`, 'bad')}
  </div>`;
}

const questionsOf = (frame: Frame, questions: readonly ShownQuestion[], carried: string): Html =>
  html`<h2>${questions.length === 1 ? 'One question' : `${questions.length} questions`} first</h2>
    <form method="post" action="/generate" class="fields">
      ${csrfField(frame)}${carriedField(carried)}
      ${questions.map(questionOf)}
      <div class="row"><button class="first">Go on</button> <a class="button" href="/generate">Begin anew</a></div>
    </form>`;

const refinedOf = (refined: NonNullable<ShownMade['refined']>): Html =>
  html`<h2>Against the last</h2>
    ${refined.map(
      ({ what, isWithin, say }) =>
        html`<article class="card">
          <p class="row">${badge(isWithin ? 'within' : 'not within', isWithin ? 'ok' : 'wait')} <strong>${what}</strong></p>
          ${say.includes('\n') ? html`<pre>${say}</pre>` : html`<p>${visibleText(say)}</p>`}
        </article>`,
    )}`;

const checkedOf = ({ findings, score }: ShownMade): Html =>
  html`<h2>Checked${score === undefined ? '' : `: score ${score} of 100`}</h2>
    ${
      findings.length === 0
        ? empty('Nothing was found from medium on.')
        : findings.map(
            ({ id, severity, detail, because }) =>
              html`<article class="card">
                <p class="row">${badge(severity, toneOf(severity))} <code>${id}</code></p>
                <p>${visibleText(detail)}</p>
                <p class="dim">All the same: ${visibleText(because.join('; '))}.</p>
              </article>`,
          )
    }`;

function catalogOf(frame: Frame, { catalog }: ShownMade, carried: string, group: string): Html {
  const { entries, guardrails, leftOut } = catalog;
  return html`<details class="card">
    <summary>Entries of a broker’s catalog</summary>
    ${
      entries === undefined
        ? html`<p>Nothing of it can be an entry of a catalog.</p>`
        : html`<h3>At the end of “resources” in catalog.json; say how sensitive each is, and write another account than the broker’s by its digits</h3>
            ${copied('entries of catalog.json', entries)}
            <h3>At the end of guardrails.cedar</h3>
            ${copied('rules of guardrails.cedar', guardrails)}`
    }
    ${leftOut.length === 0 ? '' : html`<p>Left out:</p><ul>${leftOut.map((line) => html`<li>${visibleText(line)}</li>`)}</ul>`}
    <form method="post" action="/generate" class="filter">
      ${csrfField(frame)}${carriedField(carried)}
      <label>Group that may ask for it <input name="group" value="${group}" required maxlength="64" pattern="[A-Za-z][\\w\\-]*" autocapitalize="off" /></label>
      <button>Write it for this group</button>
    </form>
  </details>`;
}

const madeOf = (frame: Frame, made: ShownMade, carried: string, group: string): Html =>
  html`<h2>Permissions</h2>
    ${copied('permissions', made.permissions)}
    ${made.trust === undefined ? '' : html`<h2>Trust</h2>${copied('trust', made.trust)}`}
    ${made.refined ? refinedOf(made.refined) : ''}
    <h2>Why</h2>
    <dl class="facts">${made.why.map(({ name, say }) => html`<dt>${name}</dt><dd>${visibleText(say)}</dd>`)}</dl>
    ${made.notes.length === 0 ? '' : html`<h2>Not in it</h2><ul>${made.notes.map((note) => html`<li>${visibleText(note)}</li>`)}</ul>`}
    ${checkedOf(made)}
    <h2>To copy</h2>
    ${made.written.map(({ name, text }) => html`<details class="card"><summary>${name}</summary>${copied(name, text)}</details>`)}
    ${catalogOf(frame, made, carried, group)}`;

function proseForm(frame: Frame, { made, carried, prose = '', isDown, group = '' }: GenerateContent): Html {
  const isChange = made !== undefined && carried !== undefined;
  return html`${isChange ? html`<h2>Change it, or ask why</h2>` : ''}
    <form method="post" action="/generate" class="fields">
      ${csrfField(frame)}${isChange ? html`${carriedField(carried)}<input type="hidden" name="group" value="${group}" />` : ''}
      <label>${isChange ? 'What should be different, or what do you want to know?' : 'What is to be done, on which resources, by whom?'}
        <span class="hint">${isChange ? 'Without the queue. Or: Why kms:Decrypt?' : 'Let a Lambda function read the table orders and send to the queue jobs.'}</span>
        <textarea name="prose" required minlength="3" maxlength="4000">${prose}</textarea></label>
      <div class="row">
        <button class="first">${isChange ? 'Send' : 'Make the policy'}</button>
        ${isDown ? html`<button name="by" value="words">Read it by key words</button>` : ''}
        ${isChange ? html`<a class="button" href="/generate">Begin anew</a>` : ''}
      </div>
    </form>
    <p class="dim small">Nothing of it is kept here, and nothing is changed in AWS: what comes out is yours to copy.</p>`;
}

/** Policies for a job that is said in words: questions, then permissions and trust, with why, and what a check says. */
export function generatePage(frame: Frame, content: GenerateContent) {
  const { said: prose = [], readBy, carried, questions, made, answer, problem, group = 'analysts' } = content;
  const isOpen = questions !== undefined && carried !== undefined;
  return pageOf(frame, {
    title: 'IAM policies for a job',
    place: 'Generate',
    content: html`<p class="lead">Say what somebody has to do. Code makes the permissions and the trust that this takes, and no more.</p>
      ${said(problem && visibleText(problem), 'bad')}
      ${prose.map(theirWords)}
      ${readBy ? sayReader(readBy) : ''}
      ${answer ? html`<section class="card" role="status"><h2>Answer</h2>${answer.lines.map((line) => html`<p>${visibleText(line)}</p>`)}${readBy ? '' : sayReader(answer.readBy)}</section>` : ''}
      ${isOpen ? questionsOf(frame, questions, carried) : ''}
      ${made && carried !== undefined ? madeOf(frame, made, carried, group) : ''}
      ${isOpen ? '' : proseForm(frame, content)}`,
  });
}
