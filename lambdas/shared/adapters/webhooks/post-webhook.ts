import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { LookupFunction } from 'node:net';
import { RequestFilteringHttpsAgent } from 'request-filtering-agent';
import type { Webhook } from '../../domain/events/webhook.ts';

/** Milliseconds for all of it: name, connection, answer. */
const TIMEOUT_MS = 10_000;

type Options = {
  /** Where all of it goes instead: the sandbox sends nothing out of this machine. */
  readonly sentTo?: string | undefined;
  /** In place of the machine's resolver, of the authorities it trusts, and addresses taken all the same. For tests. */
  readonly lookup?: LookupFunction;
  readonly ca?: string;
  readonly allowed?: string[];
  readonly timeoutMs?: number;
};

/**
 * Posts a signed body to a webhook over TLS. What its name resolves to is checked for the very connection that is made:
 * an address that is not of the public internet is refused. Redirects are not followed, and no more than the head of
 * the answer is read. Answers the status; throws where there was none in time.
 */
export function makePostWebhook({ sentTo, lookup, ca, allowed = [], timeoutMs = TIMEOUT_MS }: Options = {}) {
  const agent = new RequestFilteringHttpsAgent({
    keepAlive: false,
    allowIPAddressList: allowed,
    ...(lookup && { lookup }),
    ...(ca && { ca }),
  });
  return ({ name, url }: Webhook, headers: Readonly<Record<string, string>>, body: string) =>
    new Promise<number>((resolve, reject) => {
      const options = {
        method: 'POST',
        headers: {
          ...headers,
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(body),
          'user-agent': 'postern-webhooks',
        },
        signal: AbortSignal.timeout(timeoutMs),
      };
      const call = sentTo
        ? requestHttp(`${sentTo}/${name}`, { ...options, agent: false })
        : requestHttps(url, { ...options, agent });
      call.on('response', (response) => {
        resolve(response.statusCode ?? 0);
        response.destroy();
      });
      call.on('error', reject);
      call.end(body);
    });
}
