import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the model says next: a proposal, a refusal, anything off schema, an HTTP status, or nothing at all. */
export type Line = { text: unknown } | { refusal: string } | { status: number } | 'cut';

/** What the prompt asks about, as far as a script chooses by it. */
export type Asked = {
  readonly principal: { readonly id: string };
  readonly change: unknown;
  readonly reason: string;
};

/** A reviewer at an OpenAI-compatible endpoint that says what the test tells it to; the last line repeats. */
export async function startScriptedReviewer() {
  let lines: (Line | ((asked: Asked) => Line))[] = [];
  let asked = 0;
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      asked += 1;
      const next = (lines.length > 1 ? lines.shift() : lines[0]) ?? { status: 500 };
      const line =
        typeof next === 'function' ? next(JSON.parse(JSON.parse(body).input.at(-1).content)) : next;
      if (line === 'cut') return request.socket.destroy();
      if ('status' in line) return response.writeHead(line.status).end('{"error":{"message":"scripted"}}');
      const content =
        'refusal' in line
          ? { type: 'refusal', refusal: line.refusal }
          : { type: 'output_text', annotations: [], text: JSON.stringify(line.text) };
      response.writeHead(200, { 'content-type': 'application/json' }).end(
        JSON.stringify({
          id: 'resp_scripted',
          object: 'response',
          status: 'completed',
          model: 'scripted',
          output: [
            { type: 'message', id: 'msg_1', role: 'assistant', status: 'completed', content: [content] },
          ],
          usage: { input_tokens: 1, output_tokens: 1, total_tokens: 2 },
        }),
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    says(...script: typeof lines): void {
      lines = script;
      asked = 0;
    },
    get asked(): number {
      return asked;
    },
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}

/** A proposal that would be granted, but for what the test changes. */
export const proposing = (resource: string, actions: string[], more: Record<string, unknown> = {}): Line => ({
  text: {
    approved: true,
    grants: [{ resource, actions }],
    durationSeconds: 900,
    risk: 'low',
    authorization: 'explicit',
    reason: 'It fits the policy.',
    ...more,
  },
});
