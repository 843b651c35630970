import { expect, it } from 'vitest';
import { makeBrokerClient } from '../../../clients/sdk/broker-client.ts';
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
