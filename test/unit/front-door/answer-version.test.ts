import { Hono } from 'hono';
import { afterEach, expect, test, vi } from 'vitest';
import { VERSION } from '../../../infra/version.ts';
import { serveProxyEvents } from '../../../lambdas/shared/http/serve-proxy-events.ts';

const call = { httpMethod: 'GET', path: '/healthz', headers: {}, requestContext: {} };
const serve = (event: unknown) =>
  serveProxyEvents(() => new Hono().get('/healthz', (c) => c.json({ status: 'ok' })))(event) as Promise<{
    headers: Record<string, string>;
  }>;
afterEach(() => void vi.unstubAllEnvs());

test.each([
  ['an answer', call],
  ['a refusal of what is no call', { path: 'nowhere' }],
])('%s names the release that gave it', async (_, event) => {
  vi.stubEnv('POSTERN_VERSION', VERSION);
  expect((await serve(event)).headers).toMatchObject({ 'postern-version': VERSION });
  expect(VERSION).toMatch(/^\d+\.\d+\.\d+/);
});
