import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { sealerFor } from '../../../lambdas/shared/adapters/sessions/sealed-credentials.ts';
import { makeFakePeople } from './fake-people.ts';

/** The keys of every session that the fake broker hands out. */
export const SESSION = {
  accessKeyId: 'ASIAFAKE000000000000',
  secretAccessKey: 'of-the-session',
  sessionToken: 'session',
};

type Said = {
  readonly status: string;
  readonly sessionPolicy?: string;
  /** Whose account the session is of, instead of the one that was asked for. */
  readonly account?: string;
};
const EVERYTHING = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
});
export const READY: Said = { status: 'READY', sessionPolicy: EVERYTHING };

/** A broker that says of each request what the test tells it to; the last word repeats. */
export async function startFakeBroker() {
  let script: Said[] = [READY];
  const asked: string[] = [];
  const exchanged: unknown[] = [];
  const accounts = new Map<string, string>();
  const people = makeFakePeople();
  let delegation = '';
  const server = createServer(async (request, response) => {
    const body = JSON.parse((await text(request)) || '{}');
    const answer = (status: number, value: unknown) => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
    };
    if (request.url === '/delegations') {
      exchanged.push(body);
      return answer(200, { delegation });
    }
    const held = people.serve(request.method ?? '', request.url ?? '', request.headers, body);
    if (held) return answer(200, held);
    const requestId = `agent1-01KAE0000000000000000000${String(asked.length).padStart(2, '0')}`;
    if (request.url?.endsWith('/credentials')) {
      const sealer = await sealerFor(body.recipientKey);
      const [, id = ''] = /\/requests\/([^/]+)\//.exec(request.url) ?? [];
      const expiration = new Date(Date.now() + 7_200_000).toISOString();
      const sealed = await sealer.seal(
        {
          ...SESSION,
          expiration,
          assumedRoleArn: `arn:aws:sts::${accounts.get(id)}:assumed-role/brokered/x`,
        },
        id,
      );
      return answer(200, { sealed });
    }
    if (request.method === 'POST') asked.push(String(body.reason));
    const said = (script.length > 1 ? script.shift() : script[0]) ?? READY;
    const [, found] = /\/requests\/([^/?]+)/.exec(request.url ?? '') ?? [];
    const [, account = '123456789012'] = /arn:aws:\w+:[\w-]*:(\d{12}):/.exec(String(body.reason)) ?? [];
    if (found === undefined) accounts.set(requestId, said.account ?? account);
    const decision = said.sessionPolicy && { entitlement: { sessionPolicy: said.sessionPolicy } };
    return answer(200, { requestId: found ?? requestId, status: said.status, ...(decision && { decision }) });
  }).listen(0, '127.0.0.1');
  await new Promise((done) => server.once('listening', done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    /** What tokens were exchanged for, as it was asked. */
    exchanged,
    /** Who is asked about held calls. */
    people,
    /** What a token that is shown to the gateway is exchanged for. */
    exchanges(token: string): void {
      delegation = token;
    },
    says(...lines: Said[]): void {
      script = lines;
      asked.length = 0;
      people.reset();
    },
    close: () =>
      new Promise<void>((done) => {
        server.closeAllConnections();
        server.close(() => done());
      }),
  };
}
export type FakeBroker = Awaited<ReturnType<typeof startFakeBroker>>;
