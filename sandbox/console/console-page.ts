import { html } from 'hono/html';
import { CONSOLE_STYLE } from './console-style.ts';

export type Html = ReturnType<typeof html>;

const PLACES = [
  ['/', 'Executions'],
  ['/sessions', 'Sessions'],
  ['/access', 'Access'],
  ['/audit', 'Audit'],
  ['/policies', 'Policies'],
  ['/slack', 'Slack'],
] as const;

type PlaceName = (typeof PLACES)[number][1];

/** A page of the console. Whatever is interpolated is escaped by `html`. `said` is what an action came to. */
export const consolePage = (page: {
  title: string;
  place: PlaceName;
  content: Html | Promise<Html>;
  said?: string | undefined;
  /** Drawn anew every other second, where the browser runs scripts. */
  isLive?: boolean;
}) => html`<!doctype html>
  <html lang="en">
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <title>${page.title} · Postern</title>
      <style>
        ${CONSOLE_STYLE}
      </style>
      <script type="module" src="/console.js"></script>
    </head>
    <body>
      <a class="skip" href="#main">Skip to content</a>
      <header>
        <strong>Postern</strong>
        <nav aria-label="Console">
          ${PLACES.map(
            ([path, name]) =>
              html`<a href="${path}" ${name === page.place ? 'aria-current="page"' : ''}>${name}</a>`,
          )}
        </nav>
      </header>
      <main id="main" ${page.isLive ? 'data-live' : ''}>
        <h1>${page.title}</h1>
        ${page.said ? html`<p class="said" role="status">${page.said}</p>` : ''} ${page.content}
      </main>
    </body>
  </html>`;

/** The pages' script: redraws live pages, and shows times in the reader's zone. The pages work without it. */
export const CONSOLE_SCRIPT = `
const local = () => {
  for (const time of document.querySelectorAll('time')) time.textContent = new Date(time.dateTime).toLocaleString();
};
local();
const isBusy = () => document.activeElement?.closest('form') || document.querySelector('details[open]');
if (document.querySelector('main[data-live]')) {
  setInterval(async () => {
    if (isBusy() || document.hidden) return;
    const answer = await fetch(location.href);
    if (!answer.ok || isBusy()) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html');
    document.querySelector('main').replaceWith(fresh.querySelector('main'));
    local();
  }, 2000);
}
`;

export const when = (moment: string | Date): Html => {
  const iso = typeof moment === 'string' ? moment : moment.toISOString();
  return html`<time datetime="${iso}">${iso.slice(0, 19)}Z</time>`;
};
export const statusOf = (status: string): Html =>
  html`<span class="status ${status.replaceAll(/\W/g, '')}">${status}</span>`;

/** A choice of a form, the first being none. */
export const choice = (
  name: string,
  words: string,
  values: readonly string[],
  chosen: string | undefined,
  none?: string,
) =>
  html`<label
    >${words}
    <select name="${name}">
      ${none === undefined ? '' : html`<option value="">${none}</option>`}
      ${values.map((value) => html`<option ${value === chosen ? 'selected' : ''}>${value}</option>`)}
    </select></label
  >`;
