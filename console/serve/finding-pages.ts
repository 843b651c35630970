import { Hono } from 'hono';
import { findingsPage } from '../views/pages/findings-page.ts';
import type { ConsoleEnv, ConsoleOptions } from './console-options.ts';

/** The toolkit's checks, where they are at hand. */
export function findingPages({ checkPolicy, checkTypes = [] }: ConsoleOptions): Hono<ConsoleEnv> {
  const app = new Hono<ConsoleEnv>();
  const types = checkPolicy ? checkTypes : [];
  app.get('/findings', (c) => c.html(findingsPage(c.get('frame'), { types })));
  app.post('/findings', (c) => {
    const form = c.get('form');
    const type = types.find((name) => name === form.get('type')) ?? types[0] ?? '';
    const text = form.get('policy') ?? '';
    const checked = checkPolicy?.(type, text);
    return c.html(findingsPage(c.get('frame'), { types, type, text, checked }));
  });
  return app;
}
