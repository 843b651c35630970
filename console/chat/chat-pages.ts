import { setTimeout as sleep } from 'node:timers/promises';
import { type Context, Hono } from 'hono';
import { streamSSE } from 'hono/streaming';
import type { ChatOptions } from './chat-options.ts';
import { chatPage, MOST_MESSAGE } from './chat-page.ts';
import type { Conversation } from './conversation.ts';
import type { Conversations } from './conversations.ts';
import { showEntry } from './show-entry.ts';
import { type ChatEnv, tellChat } from './with-customer.ts';

/** Milliseconds for which a form without scripts waits for its answer; after that its page looks again. */
const FORM_WAITS_MS = 20_000;
/** Milliseconds between two signs of life of a stream, and after which it ends: browsers come back by themselves. */
const ALIVE_MS = 15_000;
const STREAM_MS = 120_000;

const GONE = {
  title: 'This conversation is over',
  say: 'It ended after half an hour of silence or with a restart, or it is not yours. Open another.',
};
const NO_ROOM = { title: 'No room', say: 'Too many people are talking to the agent. Try again in a moment.' };
const REFUSALS = {
  busy: { title: 'Not sent', say: 'The agent is still at your last message.' },
  full: { title: 'Not sent', say: 'This conversation is full. Open another.' },
} as const;

type Deps = {
  readonly conversations: Conversations;
  readonly clock: () => Date;
  readonly onDefect: (error: unknown) => void;
};

/** The chat's pages: a new conversation, one that goes on, and what happens in it as it happens. */
export function chatPages(
  { model, scenes }: ChatOptions,
  { conversations, clock, onDefect }: Deps,
): Hono<ChatEnv> {
  const app = new Hono<ChatEnv>();
  const wantsJson = (c: Context) => c.req.header('accept') === 'application/json';

  /** What is said: a message, or the scene whose button was pressed. */
  function messageIn(c: Context<ChatEnv>): string {
    const form = c.get('form');
    const scene = scenes(c.get('session').who).find(({ name }) => name === form.get('scene'));
    return (scene?.message ?? form.get('message') ?? '').replaceAll('\r\n', '\n').trim();
  }
  const refuse = (c: Context<ChatEnv>, status: 409 | 422 | 503, told: { title: string; say: string }) =>
    tellChat(c, status, told, c.get('form').get('message') ?? '');
  const tooLong = { title: 'Not sent', say: `Say something, in ${MOST_MESSAGE} characters at most.` };
  const isGood = (message: string) => message.length > 0 && message.length <= MOST_MESSAGE;

  /** Says it in a conversation; a form waits for the answer, and reads it on the next page. */
  async function say(
    c: Context<ChatEnv>,
    { path, conversation }: { path: string; conversation: Conversation },
  ) {
    const outcome = conversation.send(messageIn(c));
    if (outcome !== 'taken') return refuse(c, 409, REFUSALS[outcome]);
    if (wantsJson(c)) return c.json({ path }, 202);
    await Promise.race([conversation.settled(), sleep(FORM_WAITS_MS, undefined, { ref: false })]);
    return c.redirect(path, 303);
  }

  const frameOf = (c: Context<ChatEnv>) => ({ who: c.get('session').who, csrf: c.get('session').csrf });

  app.get('/chat', (c) => {
    const shown = { path: '/chat', entries: [], isBusy: false, isNew: true, model };
    return c.html(chatPage(frameOf(c), { ...shown, scenes: scenes(c.get('session').who) }));
  });
  app.post('/chat', async (c) => {
    if (!isGood(messageIn(c))) return refuse(c, 422, tooLong);
    const opened = conversations.open(c.get('session'));
    if (!opened) return refuse(c, 503, NO_ROOM);
    return say(c, { path: `/chat/${opened.id}`, conversation: opened.conversation });
  });
  app.get('/chat/:id', (c) => {
    const conversation = conversations.find(c.req.param('id'), c.get('session'));
    if (!conversation) return tellChat(c, 404, GONE);
    const now = clock();
    const entries = conversation.since(0).entries.map((entry) => showEntry(entry, now));
    const shown = { path: c.req.path, entries, isBusy: conversation.isBusy(), isNew: false, model };
    return c.html(chatPage(frameOf(c), { ...shown, scenes: scenes(c.get('session').who) }));
  });
  app.post('/chat/:id', async (c) => {
    const conversation = conversations.find(c.req.param('id'), c.get('session'));
    if (!conversation) return tellChat(c, 404, GONE, c.get('form').get('message') ?? '');
    if (!isGood(messageIn(c))) return refuse(c, 422, tooLong);
    return say(c, { path: c.req.path, conversation });
  });

  app.get('/chat/:id/events', (c) => {
    const conversation = conversations.find(c.req.param('id'), c.get('session'));
    if (!conversation) return tellChat(c, 404, GONE);
    const endsAtMs = performance.now() + STREAM_MS;
    return streamSSE(
      c,
      async (stream) => {
        let seen = 0;
        while (!stream.aborted && performance.now() < endsAtMs) {
          const next = conversation.nextChange();
          const { version, entries } = conversation.since(seen);
          for (const entry of entries)
            await stream.writeSSE({ event: 'entry', data: JSON.stringify(showEntry(entry, clock())) });
          await stream.writeSSE({ event: 'state', data: conversation.isBusy() ? 'busy' : 'idle' });
          if (conversation.isOver()) return stream.writeSSE({ event: 'over', data: '' });
          seen = version;
          await Promise.race([next, stream.sleep(ALIVE_MS)]);
        }
      },
      async (error) => onDefect(error),
    );
  });
  return app;
}
