/**
 * Stands for name resolution. Loaded into each deployed function, the commands that a test runs, and the test itself, it
 * has `fetch` find AWS's addresses and the internet's on this machine. Nothing else of a function's environment differs
 * from its deployment. POSTERN_OUTSIDE names each host, or with a leading dot a domain, and where it is:
 * {"api.openai.com": "http://127.0.0.1:…", ".amazonaws.com": "http://127.0.0.1:…"}.
 */
import { request as send } from 'node:http';
import { Readable } from 'node:stream';

const { fetch } = globalThis;
const NO_BODY = [101, 204, 205, 304];

function placeOf({ protocol, hostname }) {
  if (protocol !== 'https:') return undefined;
  const places = Object.entries(JSON.parse(process.env.POSTERN_OUTSIDE ?? '{}'));
  return places.find(([name]) => (name.startsWith('.') ? hostname.endsWith(name) : hostname === name))?.[1];
}

globalThis.fetch = async (input, init) => {
  const url = new URL(input instanceof Request ? input.url : input);
  const place = placeOf(url);
  if (!place) return fetch(input, init);
  const asked = new Request(input, init);
  const body = asked.body ? Buffer.from(await asked.arrayBuffer()) : undefined;
  return new Promise((resolve, reject) => {
    const headers = { ...Object.fromEntries(asked.headers), host: url.host, connection: 'close' };
    if (body) headers['content-length'] = String(body.length);
    const { method, signal } = asked;
    const sent = send(new URL(url.pathname + url.search, place), { method, headers, signal }, (answer) => {
      const status = answer.statusCode ?? 502;
      const content = NO_BODY.includes(status) || method === 'HEAD' ? null : Readable.toWeb(answer);
      if (content === null) answer.resume();
      resolve(
        new Response(content, {
          status,
          headers: Object.entries(answer.headers).flatMap(([name, value]) =>
            [value].flat().map((one) => [name, String(one)]),
          ),
        }),
      );
    });
    sent.on('error', (cause) => reject(new TypeError('fetch failed', { cause })));
    sent.end(body);
  });
};
