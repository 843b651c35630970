import { Hono } from 'hono';
import { filesWith } from '../../console/chat/chat-assets.ts';
import type { ChatSiteOptions } from '../../console/chat/chat-options.ts';
import { chatPage } from '../../console/chat/chat-page.ts';
import { makeChatApp } from '../../console/chat/make-chat-app.ts';
import type { ChatEnv } from '../../console/chat/with-customer.ts';
import { SITE_SCRIPT } from './site-script.ts';

type SiteOptions = ChatSiteOptions & {
  /** The WebSocket by which messages go. */
  readonly socketUrl: string;
};

/**
 * The pages of the chat on AWS: they sign a customer in, and hand the token to the script of their own origin, which sends it
 * with what is said. The agent is elsewhere, and these pages reach nothing of it.
 */
export function makeChatSite({ socketUrl, ...options }: SiteOptions): Hono<ChatEnv> {
  const pages = new Hono<ChatEnv>();
  pages.get('/chat', (c) => {
    const { who, csrf } = c.get('session');
    const frame = { who, csrf, script: SITE_SCRIPT.name };
    const shown = { path: '/chat', entries: [], isBusy: false, isNew: true, model: options.model };
    return c.html(chatPage(frame, { ...shown, scenes: options.scenes(who), socket: socketUrl }));
  });
  // A form of these pages alone asks for it, with the word of its sign-in: see withCustomer.
  pages.post('/chat/token', (c) => c.json({ token: c.get('session').token }));
  return makeChatApp(options, {
    pages,
    files: filesWith(SITE_SCRIPT.name, SITE_SCRIPT.text),
    connectTo: () => [new URL(socketUrl).origin],
  });
}
