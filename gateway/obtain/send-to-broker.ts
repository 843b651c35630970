import * as z from 'zod';
import { readRawRequest } from '../wire/raw-request.ts';
import { type SigningKeys, signRequest } from '../wire/sign-request.ts';
import { sha256 } from '../wire/signing-key.ts';

const problemSchema = z.looseObject({ code: z.string(), detail: z.string().optional() });

export type BrokerPlace = {
  /** The API's base URL. */
  readonly api: string;
  readonly region: string;
  /** The gateway's own, of its own role. */
  readonly signingKeys: () => Promise<SigningKeys>;
  readonly clock: () => Date;
};

type Call = {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: unknown;
  readonly headers: Readonly<Record<string, string>>;
};

/** What the broker answers in place of what was wanted, by its code. */
export class BrokerProblem extends Error {
  override name = 'BrokerProblem';
  readonly code: string;

  constructor(code: string) {
    super(code);
    this.code = code;
  }
}

export const headersFor = (delegation: string) => ({ 'x-postern-delegation': delegation });

/** Calls the broker's API, signed with the gateway's own role. Throws BrokerProblem for what it refuses. */
export function makeSendToBroker({ api, region, signingKeys, clock }: BrokerPlace) {
  return async ({ method, path, body, headers: own }: Call): Promise<unknown> => {
    const url = new URL(`${api.replace(/\/$/, '')}${path}`);
    const text = body === undefined ? '' : JSON.stringify(body);
    const headers = {
      host: url.host,
      ...own,
      ...(text !== '' && { 'content-type': 'application/json' }),
    };
    const request = readRawRequest(method, `${url.pathname}${url.search}`, Object.entries(headers).flat());
    const to = { region, service: 'execute-api', payloadHash: sha256(text) };
    const signed = signRequest(request, await signingKeys(), to, clock());
    const sent = new Headers([...signed.headers].filter(([name]) => name !== 'host'));
    const response = await fetch(url, {
      method,
      headers: sent,
      ...(text !== '' && { body: text }),
      redirect: 'error',
    });
    const answer: unknown = await response.json();
    if (response.ok) return answer;
    throw new BrokerProblem(problemSchema.parse(answer).code);
  };
}
export type SendToBroker = ReturnType<typeof makeSendToBroker>;

/** Codes that say that nothing more can be asked by a delegation. */
const ENDED: readonly string[] = ['delegation_refused', 'principal_suspended', 'principal_unknown'];
/** Codes of refusals that are the broker's answer. */
const REFUSALS: readonly string[] = [
  ...['request_denied', 'limit_reached', 'requests_suspended', 'request_expired'],
];

/** How asking ends that the broker refused, or did not answer. */
export type NotAnswered =
  | { readonly outcome: 'ended' }
  | { readonly outcome: 'denied'; readonly requestId: undefined }
  | { readonly outcome: 'unavailable'; readonly because: string };

export function endByProblem(error: unknown): NotAnswered {
  if (!(error instanceof BrokerProblem))
    return { outcome: 'unavailable', because: 'the broker does not answer' };
  if (ENDED.includes(error.code)) return { outcome: 'ended' };
  return REFUSALS.includes(error.code)
    ? { outcome: 'denied', requestId: undefined }
    : { outcome: 'unavailable', because: error.code };
}
