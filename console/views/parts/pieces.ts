import { html } from 'hono/html';
import { visibleText } from '../../../lambdas/shared/domain/text/show-hostile-text.ts';
import type { Severity } from '../../../policy/check/finding.ts';

/** A piece of a page. Whatever `html` interpolates is escaped. */
export type Html = ReturnType<typeof html> | string;

/** A moment: in the reader's zone where scripts run, else in UTC. */
export function when(moment: string): Html {
  const text = `${moment.slice(0, 10)} ${moment.slice(11, 16)} UTC`;
  return html`<time datetime="${moment}">${text}</time>`;
}

/** A moment to come, as the time that is left. */
export function until(moment: string, now: Date): Html {
  const minutes = Math.ceil((Date.parse(moment) - now.getTime()) / 60_000);
  const text = minutes > 0 ? `in ${minutes} min` : 'over';
  return html`<time class="clock" datetime="${moment}" data-until>${text}</time>`;
}

/** An id, shortened in its middle, whole to whoever copies it or asks what it is. */
export function idChip(id: string, href?: string): Html {
  const short = id.length > 24 ? `${id.slice(0, Math.max(6, id.length - 27))}…${id.slice(-6)}` : id;
  const code = html`<code title="${id}">${short}</code>`;
  return html`<span class="id">${href ? html`<a href="${href}">${code}</a>` : code}<button type="button" hidden data-copy="${id}" aria-label="Copy ${id}">Copy</button></span>`;
}

/** Somebody else's words, line by line, with what would hide or reorder written out. */
export const theirWords = (text: string): Html =>
  html`<blockquote>${text.split('\n').map((line, nth) => html`${nth > 0 ? '\n' : ''}${visibleText(line)}`)}</blockquote>`;

/** The same in one line, cut to a length. */
export function inBrief(text: string, most = 120): string {
  const shown = visibleText(text);
  return shown.length > most ? `${shown.slice(0, most)}…` : shown;
}

type Tone = 'ok' | 'no' | 'wait' | 'off';
/** How grave a finding looks. */
export const toneOf = (severity: Severity): Tone =>
  severity === 'error' || severity === 'critical' || severity === 'high'
    ? 'no'
    : severity === 'medium'
      ? 'wait'
      : 'off';

export const badge = (text: string, tone: Tone): Html => html`<span class="badge ${tone}">${text}</span>`;

/** What was done, or refused. */
export const said = (text: string | undefined, tone: 'good' | 'bad' | '' = ''): Html =>
  text ? html`<p class="said ${tone}" role="${tone === 'bad' ? 'alert' : 'status'}">${text}</p>` : '';

export const empty = (text: Html, next: Html = ''): Html =>
  html`<div class="empty"><p>${text}</p>${next ? html`<p>${next}</p>` : ''}</div>`;

/** Actions on resources, one a line. */
export const grantLines = (grants: readonly { resource: string; actions: readonly string[] }[]): Html =>
  grants.length === 0
    ? html`<span class="dim">nothing</span>`
    : html`${grants.map(
        ({ resource, actions }, nth) =>
          html`${nth > 0 ? html`<br />` : ''}<b>${resource}</b> <span class="dim">${actions.map(shortAction).join(', ')}</span>`,
      )}`;

/** An action without the name of its service, which its resource tells. */
export const shortAction = (action: string): string => action.replace(/^[\w-]+:/, '');

/** A diff, line by line, additions and removals marked by more than colour. */
export const diffOf = (text: string): Html =>
  html`<pre tabindex="0" aria-label="What would change">${text
    .trimEnd()
    .split('\n')
    .map((line) => {
      const shown = `${line.slice(0, 1)}${visibleText(line.slice(1))}\n`;
      if (line.startsWith('+')) return html`<ins>${shown}</ins>`;
      if (line.startsWith('-')) return html`<del>${shown}</del>`;
      return shown;
    })}</pre>`;

export type Column<Row> = {
  readonly name: string;
  readonly cell: (row: Row) => Html;
  readonly isTitle?: boolean;
  /** Needs no name on a phone. */
  readonly isBare?: boolean;
};

/** The one table there is: on a phone each row is a card, its columns named. */
export const table = <Row>(label: string, columns: readonly Column<Row>[], rows: readonly Row[]): Html =>
  html`<table class="table" aria-label="${label}">
    <thead>
      <tr>${columns.map(({ name }) => html`<th scope="col">${name}</th>`)}</tr>
    </thead>
    <tbody>
      ${rows.map(
        (row) =>
          html`<tr>
            ${columns.map(
              ({ name, cell, isTitle, isBare }) =>
                html`<td ${isBare ? '' : html`data-is="${name}"`} class="${isTitle ? 'title' : ''}">${cell(row)}</td>`,
            )}
          </tr>`,
      )}
    </tbody>
  </table>`;

/** A choice of a form. */
export const choice = (
  name: string,
  label: string,
  values: readonly (readonly [value: string, text: string])[],
  chosen = '',
): Html =>
  html`<label
    >${label}
    <select name="${name}">
      ${values.map(
        ([value, text]) =>
          html`<option value="${value}" ${value === chosen ? 'selected' : ''}>${text}</option>`,
      )}
    </select></label
  >`;

export const minutesOf = (seconds: number): string => {
  const minutes = Math.round(seconds / 60);
  return minutes % 60 === 0 && minutes > 0 ? `${minutes / 60} h` : `${minutes} min`;
};
