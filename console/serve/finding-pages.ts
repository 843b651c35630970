import { Hono } from 'hono';
import { findingsPage } from '../views/pages/findings-page.ts';
import type { ConsoleEnv } from './console-options.ts';

/** The toolkit's checks, in this process. */
export function findingPages(): Hono<ConsoleEnv> {
  const app = new Hono<ConsoleEnv>();
  // Loaded here alone: no other page pays for it.
  const load = () => import('../toolkit/check-policy.ts');
  app.get('/findings', async (c) =>
    c.html(findingsPage(c.get('frame'), { types: (await load()).POLICY_TYPES })),
  );
  app.post('/findings', async (c) => {
    const { checkPolicy, POLICY_TYPES: types } = await load();
    const form = c.get('form');
    const type = types.find((name) => name === form.get('type')) ?? types[0];
    const text = form.get('policy') ?? '';
    const checked = checkPolicy(type, text);
    return c.html(findingsPage(c.get('frame'), { types, type, text, checked }));
  });
  return app;
}
