import { html } from 'hono/html';
import { documentOf, MARK } from '../views/parts/page-of.ts';
import { type Html, said } from '../views/parts/pieces.ts';
import { CHAT_ASSETS } from './chat-assets.ts';
import type { Scene } from './chat-options.ts';
import type { ShownEntry } from './show-entry.ts';

/** Characters of one message. */
export const MOST_MESSAGE = 2000;

export type ChatFrame = {
  readonly who?: string | undefined;
  readonly csrf?: string | undefined;
  /** The script of these pages, where it is not that of a chat in one process. */
  readonly script?: string | undefined;
};
type Page = { readonly title: string; readonly head?: Html; readonly content: Html | Promise<Html> };

const csrfField = ({ csrf = '' }: ChatFrame): Html =>
  html`<input type="hidden" name="csrf" value="${csrf}" />`;

/** What stands around every page of the chat. */
const chatPageOf = (frame: ChatFrame, { title, head = '', content }: Page) =>
  documentOf({
    title,
    head,
    style: CHAT_ASSETS.style,
    scripts: [CHAT_ASSETS.times, frame.script ?? CHAT_ASSETS.script],
    body: html`<a class="skip" href="#main">Skip to content</a>
    <header class="top">
      <a class="brand" href="/chat">${MARK} Support chat</a>
      ${
        frame.who
          ? html`<div class="me">
              <strong>${frame.who}</strong>
              <form method="post" action="/sign-out">${csrfField(frame)}<button class="quiet">Sign out</button></form>
            </div>`
          : html`<a class="button" href="/sign-in?to=/chat">Sign in</a>`
      }
    </header>
    <main id="main" class="chat">
      <h1>${title}</h1>
      ${content}
    </main>`,
  });

const cardOf = ({ badge, tone, title, lines, until }: NonNullable<ShownEntry['card']>): Html =>
  html`<p class="row"><span class="badge ${tone}">${badge}</span> <b>${title}</b></p>
    <dl class="facts">${lines.map(([name, text]) => html`<dt>${name}</dt><dd>${text}</dd>`)}${
      until
        ? html`<dt>Ends</dt><dd><time datetime="${until}" data-until>${until.slice(11, 16)} UTC</time></dd>`
        : ''
    }</dl>`;

/** One entry. The script makes the same of the same texts, see chat-script.ts. */
const entryOf = ({ id, kind, who, text = '', card }: ShownEntry): Html =>
  html`<div class="turn ${kind}" id="e${id}" ${card?.until ? html`data-ends="${card.until}"` : ''}>${
    card ? cardOf(card) : html`${who ? html`<p class="who">${who}</p>` : ''}<p class="words">${text}</p>`
  }</div>`;

export type ChatContent = {
  /** Where the form goes: to a conversation, or to one that begins with it. */
  readonly path: string;
  readonly entries: readonly ShownEntry[];
  readonly isBusy: boolean;
  readonly isNew: boolean;
  readonly model: string;
  readonly scenes: readonly Scene[];
  readonly refused?: string | undefined;
  readonly typed?: string | undefined;
  /** The WebSocket by which it goes, where that is not a form. */
  readonly socket?: string | undefined;
};

/** Without scripts the page looks again by itself while an answer is being made. */
const LOOK_AGAIN = html`<noscript><meta http-equiv="refresh" content="3" /></noscript>`;

export function chatPage(frame: ChatFrame, content: ChatContent) {
  const { path, entries, isBusy, isNew, model, scenes, refused, typed = '', socket } = content;
  return chatPageOf(frame, {
    title: 'Ask the bank’s support agent',
    head: isBusy ? LOOK_AGAIN : '',
    content: html`<p class="dim small">${model}. It holds no access of its own: what it may read for you, the broker decides and IAM enforces. Each of its calls shows below.</p>
      <div id="log" role="log" aria-label="Conversation" data-events="${isNew ? '' : `${path}/events`}" ${socket ? html`data-socket="${socket}"` : ''}>${entries.map(entryOf)}</div>
      <p class="dim" id="busy" role="status" ${isBusy ? '' : 'hidden'}>The agent is at work …</p>
      <div id="told">${said(refused, 'bad')}</div>
      ${socket ? NEEDS_SCRIPTS : ''}
      <form method="post" action="${path}" id="say" class="composer">
        ${csrfField(frame)}
        <label>Your message
          <textarea name="message" required maxlength="${MOST_MESSAGE}" rows="2">${typed}</textarea>
        </label>
        <div class="row"><button class="first">Send</button></div>
        <fieldset class="row">
          <legend>Or press one of these</legend>
          ${scenes.map(
            ({ name, label, message }) =>
              html`<button name="scene" value="${name}" data-message="${message}" formnovalidate>${label}</button>`,
          )}
        </fieldset>
      </form>
      <p class="small">${isNew ? '' : html`<a class="button" href="/chat">Another conversation</a>`}</p>`,
  });
}

const NEEDS_SCRIPTS = html`<noscript><p class="said bad" role="alert">This chat needs scripts, which are off in this browser.</p></noscript>`;

type Told = { readonly title: string; readonly say: string; readonly next?: Html; readonly typed?: string };

/** What went wrong, and what to do; what was typed is not lost. */
export const toldPage = (frame: ChatFrame, { title, say, next = '', typed = '' }: Told) =>
  chatPageOf(frame, {
    title,
    content: html`<p class="lead">${say}</p>
      ${next ? html`<p>${next}</p>` : ''}
      ${typed ? html`<h2>What you had typed</h2><pre tabindex="0">${typed}</pre>` : ''}`,
  });
