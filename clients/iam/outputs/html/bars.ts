import { coordinate, html, type Markup } from './markup.ts';

/** A part of a bar: how much, and the class that colours it. */
export type Part = { readonly value: number; readonly className: string; readonly label: string };

/** A row of a plot: a label, a bar of parts, and what it says in words. */
export type Row = {
  readonly label: string;
  readonly parts: readonly Part[];
  readonly says: string;
  readonly note?: string;
};

/** A bar as wide as its row; 100 is the whole width. Drawn without text, so that it may be stretched. */
function bar(parts: readonly Part[], most: number): Markup {
  let start = 0;
  const drawn = parts.map(({ value, className }) => {
    const [from, width] = [start, most === 0 ? 0 : (value / most) * 100];
    start += width;
    return html`<rect class="${className}" x="${coordinate(from)}" y="0" width="${coordinate(width)}" height="10"></rect>`;
  });
  return html`<svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">${drawn}</svg>`;
}

/** Rows of bars on one scale, as a table: what is drawn stands beside it in words. */
export function bars(caption: string, rows: readonly Row[], scale?: number): Markup {
  const most =
    scale ?? Math.max(0, ...rows.map(({ parts }) => parts.reduce((sum, { value }) => sum + value, 0)));
  return html`<table class="plot">
    <caption>${caption}</caption>
    <tbody>
      ${rows.map(
        ({ label, parts, says, note }) => html`<tr>
          <th scope="row">${label}${note ? html`<small>${note}</small>` : ''}</th>
          <td class="drawn">${bar(parts, most)}</td>
          <td class="says">${says}</td>
        </tr>`,
      )}
    </tbody>
  </table>`;
}

/** What the colours of parts mean. */
export const legend = (parts: readonly { readonly className: string; readonly label: string }[]): Markup =>
  html`<p class="legend">${parts.map(({ className, label }) => html`<span><i class="${className}"></i>${label}</span>`)}</p>`;
