import { html } from 'hono/html';
import { ASSETS } from '../../assets/serve-assets.ts';
import type { Html } from './pieces.ts';

export const PLACES = [
  ['/', 'Home'],
  ['/ask', 'Ask'],
  ['/approvals', 'Approvals'],
  ['/sessions', 'Sessions'],
  ['/requests', 'Requests'],
  ['/calls', 'Calls'],
  ['/access', 'Access'],
  ['/access-reviews', 'Reviews'],
  ['/audit', 'Audit'],
  ['/policies', 'Policies'],
  ['/people', 'People'],
  ['/findings', 'Findings'],
  ['/generate', 'Generate'],
] as const;
export type Place = (typeof PLACES)[number][1];
/** Under one's thumb on a phone; the rest is at the end of the page. */
const TABS: readonly Place[] = ['Home', 'Ask', 'Approvals', 'Sessions'];

/** What stands around every page. */
export type Frame = {
  readonly who?: string | undefined;
  readonly csrf?: string | undefined;
  /** Things that wait for whoever looks, where that is known. */
  readonly waiting?: number | undefined;
  /** Pages of others beside these: the sandbox's own. */
  readonly beside: readonly (readonly [href: string, name: string])[];
};
type Page = {
  readonly title: string;
  readonly place?: Place | undefined;
  readonly content: Html | Promise<Html>;
  /** Looked at again every few seconds, where scripts run. */
  readonly isLive?: boolean;
  /** The address of what it follows by somebody's token, for as long as that is held in the page. */
  readonly follows?: string | undefined;
  /** Tells when to look again, where the server can. */
  readonly changes?: string | undefined;
  /** It has a form that a passkey answers. */
  readonly takesPasskeys?: boolean;
};

export const MARK = html`<svg viewBox="0 0 24 24" aria-hidden="true"><path fill="var(--act)" d="M2 22V4l4-2 4 2V2h4v2l4-2 4 2v18z" /><path fill="var(--card)" d="M8 22v-8a4 4 0 0 1 8 0v8z" /><circle cx="13.6" cy="17" r="1" fill="var(--act)" /></svg>`;

const link = (href: string, name: string, here: string | undefined, count = 0) =>
  html`<a href="${href}" ${name === here ? html`aria-current="page"` : ''}>${name}${
    count > 0 ? html`<span class="count" aria-label="${count} waiting">${count}</span>` : ''
  }</a>`;

/** A field of every form: a page of another site does not know it. */
export const csrfField = ({ csrf = '' }: Pick<Frame, 'csrf'>): Html =>
  html`<input type="hidden" name="csrf" value="${csrf}" />`;

type Shell = {
  readonly title: string;
  readonly style: string;
  readonly scripts: readonly string[];
  /** What the head has beside. */
  readonly head?: Html;
  readonly body: Html | Promise<Html>;
};

/** What every document of ours has around its body, the chat's too. */
export const documentOf = ({ title, style, scripts, head = '', body }: Shell) => html`<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover" />
    <meta name="robots" content="noindex" />
    <title>${title} · Postern</title>
    <link rel="icon" href="${ASSETS.icon}" />
    <link rel="stylesheet" href="${style}" />
    ${scripts.map((script) => html`<script type="module" src="${script}"></script>`)}
    ${head}
  </head>
  <body>
    ${body}
  </body>
</html>`;

/** A page of the console. */
export function pageOf(
  frame: Frame,
  { title, place, content, isLive = false, follows, changes, takesPasskeys = false }: Page,
) {
  const { who, waiting = 0, beside } = frame;
  const countOf = (name: string) => (name === 'Approvals' ? waiting : 0);
  return documentOf({
    title,
    style: ASSETS.style,
    scripts: [ASSETS.script, ...(takesPasskeys ? [ASSETS.presses] : [])],
    body: html`<a class="skip" href="#main">Skip to content</a>
    <header class="top">
      <a class="brand" href="/">${MARK} Postern</a>
      ${
        who
          ? html`<div class="me">
              <a href="/people/${who}"><strong>${who}</strong></a>
              <form method="post" action="/sign-out">${csrfField(frame)}<button class="quiet">Sign out</button></form>
            </div>`
          : html`<a class="button" href="/sign-in">Sign in</a>`
      }
    </header>
    <div class="frame">
      <nav class="places" id="places" aria-label="All pages">
        ${PLACES.map(([href, name]) => link(href, name, place, countOf(name)))}
        ${beside.map(([href, name]) => html`<a href="${href}">${name}</a>`)}
      </nav>
      <main id="main" ${isLive ? html`data-live="yes"` : ''} ${follows ? html`data-follows="${follows}"` : ''} ${changes ? html`data-changes="${changes}"` : ''}>
        <div class="page">
          <h1>${title}</h1>
          <p class="said bad" id="offline" role="status" hidden>No connection: this is as it was. It goes on by itself.</p>
          ${content}
        </div>
      </main>
    </div>
    <nav class="tabs" aria-label="Main pages">
      ${PLACES.filter(([, name]) => TABS.includes(name)).map(([href, name]) => link(href, name, place, countOf(name)))}
      <a href="#places">More</a>
    </nav>`,
  });
}
