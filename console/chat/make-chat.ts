import type { Hono } from 'hono';
import { CHAT_FILES } from './chat-assets.ts';
import type { ChatOptions } from './chat-options.ts';
import { chatPages } from './chat-pages.ts';
import { makeConversations } from './conversations.ts';
import { defectsTo, makeChatApp } from './make-chat-app.ts';
import type { ChatEnv } from './with-customer.ts';

/** The support chat of one process, in which its conversations, and whatever access their agents have, stay. */
export function makeChat(options: ChatOptions): Hono<ChatEnv> {
  const { startAgent, clock = () => new Date() } = options;
  const onDefect = defectsTo(options.onDefect);
  const conversations = makeConversations({ startAgent, clock, onDefect });
  return makeChatApp(options, {
    pages: chatPages(options, { conversations, clock, onDefect }),
    files: CHAT_FILES,
    onSignOut: conversations.endAll,
  });
}
