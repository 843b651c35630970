import type { CallerIdentity } from '../../../clients/sdk/caller-identity.ts';
import type { Fetch } from '../../../clients/sdk/signed-fetch.ts';
import type { makeWorld } from '../front-door/world.ts';

export const ENDPOINT = 'https://broker.example/prod';

export const identity: CallerIdentity = {
  credentials: async () => ({ accessKeyId: 'AKIAEXAMPLE000000000', secretAccessKey: 'caller-secret' }),
  region: async () => 'eu-central-1',
};

/** The real front door behind a `fetch`, as API Gateway would hand a call on. */
export function serveWorld(world: ReturnType<typeof makeWorld>, as?: string) {
  const calls: { method: string; path: string; headers: Record<string, string> }[] = [];
  const fetch: Fetch = async (url, init) => {
    const headers = Object.fromEntries(new Headers(init.headers));
    const path = url.pathname.replace(/^\/prod/, '');
    const method = init.method ?? 'GET';
    calls.push({ method, path, headers });
    const answer = await world.call(`${method} ${path}`, {
      ...(as && { as }),
      headers,
      query: Object.fromEntries(url.searchParams),
      ...(init.body && { rawBody: String(init.body) }),
    });
    return new Response(answer.text, { status: answer.status, headers: answer.headers });
  };
  return { fetch, calls };
}
