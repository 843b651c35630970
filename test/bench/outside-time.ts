import {
  documentClient,
  kmsClient,
  secretsClient,
  stsClient,
} from '../../lambdas/shared/adapters/runtime/aws-clients.ts';

type Send = (...call: unknown[]) => Promise<unknown>;

/**
 * Counts, from here on, the milliseconds in which a call of an AWS client or of `fetch` is under way in this
 * thread, calls side by side counted once; the answer reads the count. What a client does before and after it
 * sends is the call's. What is left of a request's time is the broker's own code.
 */
export function countOutside(): () => number {
  let total = 0;
  let underWay = 0;
  let since = 0;
  const around = async <T>(call: () => Promise<T>): Promise<T> => {
    if (underWay++ === 0) since = performance.now();
    try {
      return await call();
    } finally {
      if (--underWay === 0) total += performance.now() - since;
    }
  };
  for (const made of [documentClient(), kmsClient(), secretsClient(), stsClient()]) {
    const client = made as unknown as { send: Send };
    const send = client.send.bind(client);
    client.send = (...call) => around(() => send(...call));
  }
  const { fetch } = globalThis;
  // Until the body is read: the client's parsing of it is the network's too.
  globalThis.fetch = (...call) =>
    around(async () => {
      const answer = await fetch(...call);
      const body = await answer.arrayBuffer();
      return new Response(body, { status: answer.status, headers: answer.headers });
    });
  return () => total + (underWay > 0 ? performance.now() - since : 0);
}
