import { html } from 'hono/html';
import type { Entered } from './act-as-person.ts';
import { messageBlock, modalBlock } from './render-blocks.ts';
import { SLACK_STYLE } from './slack-style.ts';
import type { Channel, Message, Workspace } from './workspace.ts';

/** Whom one looks as, and where. */
export type Looking = { readonly as: string; readonly channel: string };

const addressOf = ({ as, channel }: Looking): string => `/slack?${new URLSearchParams({ as, channel })}`;

function messageOf(message: Message, looking: Looking) {
  const { ts, channel, text, blocks, onlyTo, threadTs, edited } = message;
  const iso = new Date(Number(ts.split('.')[0]) * 1000).toISOString();
  return html`<article id="message-${ts}" class="${threadTs ? 'reply' : ''}">
    <p class="by">
      <b>Postern</b> <small>app · <time datetime="${iso}">${iso.slice(11, 16)} UTC</time></small>
      ${edited ? html`<small>(edited)</small>` : ''} ${onlyTo ? html`<small>Only visible to you</small>` : ''}
    </p>
    ${
      blocks.length > 0
        ? blocks.map((block) => messageBlock(block, { as: looking.as, channel, ts }))
        : html`<p class="rich">${text}</p>`
    }
  </article>`;
}

function modalOf(workspace: Workspace, looking: Looking, entered: Entered) {
  const open = workspace.viewOf(looking.as);
  if (!open) return '';
  const { title, submit, close, blocks } = open.view;
  return html`<dialog open aria-labelledby="modal-title">
    <h2 id="modal-title">${title.text}</h2>
    <form method="post" action="/slack/submit" id="modal">
      <input type="hidden" name="!as" value="${looking.as}" />
      <input type="hidden" name="!channel" value="${looking.channel}" />
      ${blocks.map((block) => modalBlock(block, entered, open.errors))}
      <div class="actions">
        <button class="plain" formaction="/slack/close">${close?.text ?? 'Close'}</button>
        ${submit ? html`<button class="primary">${submit.text}</button>` : ''}
      </div>
    </form>
  </dialog>`;
}

/** Replies stand under what they reply to. */
function inOrder(messages: readonly Message[]): Message[] {
  const repliesTo = (ts: string) => messages.filter(({ threadTs }) => threadTs === ts);
  return messages
    .filter(({ threadTs }) => threadTs === undefined || !messages.some(({ ts }) => ts === threadTs))
    .flatMap((message) => [message, ...repliesTo(message.ts)]);
}

/** The workspace, as one person sees it. */
export function slackPage(
  workspace: Workspace,
  looking: Looking,
  { entered = {}, code }: { entered?: Entered | undefined; code?: string | undefined } = {},
) {
  const own = workspace.directMessages(looking.as);
  const channels: Channel[] = [...workspace.channels.filter(({ memberId }) => memberId === undefined), own];
  const here = channels.find(({ id }) => id === looking.channel) ?? own;
  const view = { ...looking, channel: here.id };
  const messages = inOrder(workspace.messagesIn(here.id, looking.as));
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${here.name} · Slack in the Postern sandbox</title>
        <style>
          ${SLACK_STYLE}
        </style>
        <script type="module" src="/slack/live.js"></script>
      </head>
      <body>
        <header>
          <h1>Slack <small>in the sandbox</small></h1>
          <form method="get" action="/slack" id="person">
            <label
              >You are
              <select name="as">
                ${workspace.people.map(
                  ({ userId, name }) =>
                    html`<option value="${userId}" ${userId === looking.as ? 'selected' : ''}>${name}</option>`,
                )}
              </select></label
            >
            <input type="hidden" name="channel" value="${here.memberId ? '' : here.id}" />
            <button>Be them</button>
          </form>
          ${code ? html`<span>Your authenticator shows <code id="authenticator">${code}</code></span>` : ''}
          <a href="/">Console</a>
        </header>
        <nav aria-label="Channels">
          ${channels.map(
            (channel) =>
              html`<a
                href="${addressOf({ as: looking.as, channel: channel.id })}"
                ${channel.id === here.id ? html`aria-current="page"` : ''}
                >${channel.memberId ? 'Postern (direct messages)' : channel.name}</a
              >`,
          )}
        </nav>
        <main>
          <h2>${here.name}</h2>
          <section aria-label="Messages" aria-live="polite">
            ${messages.length > 0 ? messages.map((message) => messageOf(message, view)) : html`<p>Nothing was said yet.</p>`}
          </section>
          <form method="post" action="/slack/command" class="command">
            <input type="hidden" name="as" value="${looking.as}" />
            <input type="hidden" name="channel" value="${here.id}" />
            <label>/access <input name="text" placeholder="what you need, and why" autocomplete="off" /></label>
            <button class="primary">Ask</button>
          </form>
          ${modalOf(workspace, view, entered)}
        </main>
      </body>
    </html>`;
}
