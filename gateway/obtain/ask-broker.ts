import * as z from 'zod';
import { openCredentials } from '../../lambdas/shared/adapters/sessions/sealed-credentials.ts';
import { requestStatusSchema } from '../../lambdas/shared/domain/access-request.ts';
import type { SessionCredentials } from '../../lambdas/shared/domain/session.ts';
import type { GatewayKeys } from '../keys/derive-keys.ts';
import { readRawRequest } from '../wire/raw-request.ts';
import { type SigningKeys, signRequest } from '../wire/sign-request.ts';
import { sha256 } from '../wire/signing-key.ts';
import { delay } from './delay.ts';

/** As much of a request as the gateway looks at. */
const viewSchema = z.looseObject({
  requestId: z.string(),
  status: requestStatusSchema,
  decision: z
    .looseObject({ entitlement: z.looseObject({ sessionPolicy: z.string() }).optional() })
    .optional(),
});
type View = z.infer<typeof viewSchema>;
const delegationSchema = z.looseObject({ delegation: z.string() });
const problemSchema = z.looseObject({ code: z.string(), detail: z.string().optional() });
const sealedSchema = z.object({ sealed: z.string() });

/** A session that the broker issued, opened. It lives in this process's memory alone. */
export type Obtained = {
  readonly requestId: string;
  readonly credentials: SessionCredentials;
  readonly sessionPolicy: string;
};

/** How asking ended. `waiting`: people are asked and have not answered in time. */
export type Asked =
  | { readonly outcome: 'obtained'; readonly session: Obtained }
  | { readonly outcome: 'denied'; readonly requestId: string | undefined }
  | { readonly outcome: 'waiting'; readonly requestId: string }
  | { readonly outcome: 'ended' }
  | { readonly outcome: 'unavailable'; readonly because: string };

export type BrokerOptions = {
  /** The API's base URL. */
  readonly api: string;
  readonly region: string;
  /** The gateway's own, of its own role. */
  readonly signingKeys: () => Promise<SigningKeys>;
  readonly keys: GatewayKeys;
  readonly clock: () => Date;
};

type Call = {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: unknown;
  readonly headers: Readonly<Record<string, string>>;
};

export class BrokerProblem extends Error {
  override name = 'BrokerProblem';
  readonly code: string;

  constructor(code: string) {
    super(code);
    this.code = code;
  }
}

/** Milliseconds between two looks at a request that people are asked about. */
const LOOK_AGAIN_MS = 1000;
const ENDED = new Set(['delegation_refused', 'principal_suspended', 'principal_unknown']);

const headersFor = (delegation: string) => ({ 'x-postern-delegation': delegation });

/** Asks the broker, by a delegation, and claims what is granted with the gateway's own key. */
export function makeBroker({ api, region, signingKeys, keys, clock }: BrokerOptions) {
  async function send({ method, path, body, headers: own }: Call): Promise<unknown> {
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
  }

  const look = async (requestId: string, delegation: string): Promise<View> =>
    viewSchema.parse(
      await send({ method: 'GET', path: `/requests/${requestId}?wait=20`, headers: headersFor(delegation) }),
    );

  async function claim({ requestId, decision }: View, delegation: string): Promise<Obtained> {
    const path = `/requests/${requestId}/credentials`;
    const body = { recipientKey: keys.publicKey };
    const { sealed } = sealedSchema.parse(
      await send({ method: 'POST', path, body, headers: headersFor(delegation) }),
    );
    const sessionPolicy = decision?.entitlement?.sessionPolicy;
    // Without its policy nobody could say what it covers.
    if (sessionPolicy === undefined) throw new BrokerProblem('no_session_policy');
    const credentials = await openCredentials(keys.privateKey, sealed, requestId);
    return { requestId, credentials, sessionPolicy };
  }

  /** Waits for a request until it is decided, or until the time is up. */
  async function follow(first: View, delegation: string, until: Date): Promise<Asked> {
    let view = first;
    for (;;) {
      const { requestId, status } = view;
      if (status === 'READY') return { outcome: 'obtained', session: await claim(view, delegation) };
      if (status === 'FAILED') return { outcome: 'unavailable', because: `request ${requestId} failed` };
      if (status !== 'PENDING' && status !== 'AWAITING_APPROVAL') return { outcome: 'denied', requestId };
      if (clock() >= until) return { outcome: 'waiting', requestId };
      if (status === 'AWAITING_APPROVAL') await delay(LOOK_AGAIN_MS);
      view = await look(requestId, delegation);
    }
  }

  async function answering(run: () => Promise<Asked>): Promise<Asked> {
    try {
      return await run();
    } catch (error) {
      if (!(error instanceof BrokerProblem))
        return { outcome: 'unavailable', because: 'the broker does not answer' };
      if (ENDED.has(error.code)) return { outcome: 'ended' };
      const isRefusal = ['request_denied', 'limit_reached', 'requests_suspended', 'request_expired'].includes(
        error.code,
      );
      return isRefusal
        ? { outcome: 'denied', requestId: undefined }
        : { outcome: 'unavailable', because: error.code };
    }
  }

  return {
    /** Asks for what `need` says, and waits for it until the time is up. */
    ask: (need: string, delegation: string, until: Date): Promise<Asked> =>
      answering(async () => {
        const path = '/requests?wait=20';
        const opened = viewSchema.parse(
          await send({ method: 'POST', path, body: { reason: need }, headers: headersFor(delegation) }),
        );
        return follow(opened, delegation, until);
      }),

    /** Exchanges an OIDC token for a delegation. Throws BrokerProblem where the broker does not take it. */
    async exchange(token: string, durationSeconds: number | undefined): Promise<string> {
      const body = { ...(durationSeconds !== undefined && { durationSeconds }) };
      const headers = { 'x-web-identity-token': token };
      const answer = await send({ method: 'POST', path: '/delegations', body, headers });
      return delegationSchema.parse(answer).delegation;
    },

    /** Goes on waiting for what was asked before. */
    goOn: (requestId: string, delegation: string, until: Date): Promise<Asked> =>
      answering(async () => follow(await look(requestId, delegation), delegation, until)),
  };
}
export type Broker = ReturnType<typeof makeBroker>;
