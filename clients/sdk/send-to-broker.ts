import type { z } from 'zod';
import { checkPrivate, makeAuthorizedFetch } from './authorized-fetch.ts';
import type { CallerIdentity } from './caller-identity.ts';
import { explainRefusal } from './explain-refusal.ts';
import { errorOf, PosternError } from './postern-error.ts';
import type { Call, Fetch } from './signed-fetch.ts';
import { namesProxy } from './use-proxies.ts';

export type BrokerOptions = {
  /** The API's base URL, e.g. `https://….execute-api.eu-central-1.amazonaws.com/prod`. */
  readonly endpoint: string;
  readonly identity: CallerIdentity;
  readonly fetch?: Fetch;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
};

/** One call of the API, and what its answer is to be. */
type Sent<Schema extends z.ZodType> = Pick<Call, 'method'> & {
  readonly path: string;
  readonly query?: Record<string, string | number | boolean | undefined>;
  readonly headers?: Record<string, string | undefined>;
  readonly body?: unknown;
  readonly signal?: AbortSignal | undefined;
  readonly answer: Schema;
};

const defined = (values: Record<string, string | number | boolean | undefined> = {}) =>
  Object.entries(values).flatMap(([name, value]): [string, string][] =>
    value === undefined ? [] : [[name, String(value)]],
  );

/** Whether a call carries the token of a signed-in user, whoever sends it: in a header, or in what is asked. */
const carriesToken = ({ headers, body }: Pick<Sent<z.ZodType>, 'headers' | 'body'>): boolean =>
  headers?.['X-Subject-Token'] !== undefined ||
  (typeof body === 'object' && body !== null && 'subjectToken' in body && body.subjectToken !== undefined);

/**
 * Sends calls to a broker, signed as its caller or with its token. A refusal, an answer that is not one and a broker that cannot be
 * reached are each a PosternError; an endpoint that is no URL is one at once.
 */
export function makeSend({ endpoint, identity, fetch, now = Date.now }: BrokerOptions) {
  const authorizedFetch = makeAuthorizedFetch(identity, fetch);
  const base = endpoint.replace(/\/+$/, '');
  if (!URL.canParse(base)) {
    const detail = `"${endpoint}" is not the address of a broker: it should begin with https://.`;
    throw new PosternError({ code: 'no_endpoint', detail });
  }

  async function send<Schema extends z.ZodType>(sent: Sent<Schema>): Promise<z.output<Schema>> {
    const url = new URL(base + sent.path);
    if (carriesToken(sent)) checkPrivate(url);
    for (const [name, value] of defined(sent.query)) url.searchParams.set(name, value);
    const response = await reach({
      method: sent.method,
      url,
      headers: Object.fromEntries(defined(sent.headers)),
      ...(sent.body !== undefined && { body: JSON.stringify(sent.body) }),
      ...(sent.signal && { signal: sent.signal }),
    });
    if (!response.ok) {
      const { hostname } = url;
      throw await explainRefusal(await errorOf(response), { response, hostname, identity, now: now() });
    }
    const answer = sent.answer.safeParse(await response.json().catch(() => undefined));
    if (answer.success) return answer.data;
    const detail = 'The answer is not one of this API: check the endpoint, and that client and broker fit.';
    throw new PosternError({ code: 'unexpected_answer', detail }, response.status);
  }

  /** The whole answer. */
  async function reach(call: Call): Promise<Response> {
    try {
      const answer = await authorizedFetch(call);
      // Read whole here: what breaks off within an answer may pass as well, and is tried again.
      return new Response(await answer.arrayBuffer(), answer);
    } catch (error) {
      if (call.signal?.aborted) throw call.signal.reason;
      if (error instanceof PosternError) throw error;
      const way = namesProxy() ? ' through the proxy that the environment names' : '';
      const detail = `The broker at ${call.url.origin} cannot be reached${way}.`;
      throw new PosternError({ code: 'broker_unreachable', detail });
    }
  }

  return send;
}
