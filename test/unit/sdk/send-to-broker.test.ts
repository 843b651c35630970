import { describe, expect, it } from 'vitest';
import { type BrokerClient, makeBrokerClient } from '../../../clients/sdk/broker-client.ts';
import { ENDPOINT, identity } from './served-world.ts';

/** An answer whose connection breaks off within it. */
const broken = (status: number) => async () =>
  new Response(
    new ReadableStream({
      start(controller) {
        controller.enqueue(new TextEncoder().encode('{"requestId":'));
        controller.error(new TypeError('terminated'));
      },
    }),
    { status },
  );

it.each([200, 503])(
  'a connection that breaks off within an answer of %i is told as what it is',
  async (status) => {
    const broker = makeBrokerClient({ endpoint: ENDPOINT, identity, fetch: broken(status) });
    await expect(broker.catalog()).rejects.toMatchObject({
      name: 'PosternError',
      code: 'broker_unreachable',
    });
  },
);

it('an interrupt within an answer is the caller’s own, not a fault of the broker', async () => {
  const interrupt = new AbortController();
  const fetch = async () => {
    interrupt.abort(new Error('enough'));
    return broken(200)();
  };
  const broker = makeBrokerClient({ endpoint: ENDPOINT, identity, fetch });
  await expect(broker.catalog({ signal: interrupt.signal })).rejects.toThrow('enough');
});

describe('a signed-in user’s token, in a call that is signed', () => {
  const subjectToken = 'a.subject.token';
  const CARRYING: Record<string, (broker: BrokerClient) => Promise<unknown>> = {
    'in what is asked': (broker) => broker.createRequest({ reason: 'Read.', subjectToken }),
    'in a delegation': (broker) => broker.openDelegation({ reason: 'Read.', subjectToken }),
    'beside a look': (broker) => broker.getRequest('r-1', { subjectToken }),
    'beside a list': (broker) => broker.listRequests({}, { subjectToken }),
    'beside a cancellation': (broker) => broker.cancel('r-1', { subjectToken }),
  };

  /** The hosts that anything was sent to, and what became of the call. */
  async function sendTo(endpoint: string, call: (broker: BrokerClient) => Promise<unknown>) {
    const hosts: string[] = [];
    const fetch = async (url: URL) => {
      hosts.push(url.hostname);
      return new Response('{}');
    };
    const code = await call(makeBrokerClient({ endpoint, identity, fetch })).then(
      () => undefined,
      (error: { code?: string }) => error.code,
    );
    return { hosts, code };
  }

  it.each(Object.entries(CARRYING))('%s: is not sent in the clear to another machine', async (_, call) => {
    for (const host of ['broker.example', '10.0.0.1', 'localhost.example', '127.0.0.1.example'])
      expect(await sendTo(`http://${host}:4780/api`, call)).toEqual({ hosts: [], code: 'no_endpoint' });
  });

  it.each(Object.entries(CARRYING))('%s: is sent over TLS, and within this machine', async (_, call) => {
    for (const endpoint of ['https://broker.example', 'http://127.0.0.1:4780/api', 'http://[::1]/api'])
      expect((await sendTo(endpoint, call)).hosts).toHaveLength(1);
    expect((await sendTo('http://localhost:4780/api', call)).hosts).toEqual(['localhost']);
  });

  it('a call without one is signed for whatever address it is sent to', async () => {
    const { hosts } = await sendTo('http://broker.example/api', (broker) =>
      broker.createRequest({ reason: 'Read.' }),
    );
    expect(hosts).toEqual(['broker.example']);
  });
});
