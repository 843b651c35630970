import { Hono } from 'hono';
import { generatePage } from '../views/pages/generate-page.ts';
import type { ConsoleEnv, ConsoleOptions } from './console-options.ts';

/** Policies out of words, by the toolkit, in this process. */
export function generatePages({ openAsker }: ConsoleOptions): Hono<ConsoleEnv> {
  const app = new Hono<ConsoleEnv>();
  app.get('/generate', (c) => c.html(generatePage(c.get('frame'), {})));
  app.post('/generate', async (c) => {
    // Loaded here alone: no other page pays for it.
    const { generatePolicy, openOffline } = await import('../toolkit/generate-policy.ts');
    const form = c.get('form');
    const reader = form.get('by') === 'words' ? openOffline : (openAsker ?? openOffline);
    const content = await generatePolicy(form, reader);
    return c.html(generatePage(c.get('frame'), content), content.problem === undefined ? 200 : 422);
  });
  return app;
}
