import * as z from 'zod';
import { openCredentials } from '../../lambdas/shared/adapters/sessions/sealed-credentials.ts';
import { requestStatusSchema } from '../../lambdas/shared/domain/access-request.ts';
import type { SessionCredentials } from '../../lambdas/shared/domain/session.ts';
import type { GatewayKeys } from '../keys/derive-keys.ts';
import { delay } from './delay.ts';
import {
  type BrokerPlace,
  BrokerProblem,
  endByProblem,
  headersFor,
  makeSendToBroker,
} from './send-to-broker.ts';

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

export type BrokerOptions = BrokerPlace & { readonly keys: GatewayKeys };

/** The session that is wanted for a token: how long, and in which account. */
export type Wanted = { readonly durationSeconds: number | undefined; readonly accountId: string };

/** Milliseconds between two looks at a request that people are asked about. */
const LOOK_AGAIN_MS = 1000;
/** Asks the broker, by a delegation, and claims what is granted with the gateway's own key. */
export function makeBroker({ keys, ...place }: BrokerOptions) {
  const { clock } = place;
  const send = makeSendToBroker(place);

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

  const answering = (run: () => Promise<Asked>): Promise<Asked> => run().catch(endByProblem);

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
    async exchange(token: string, { durationSeconds, accountId }: Wanted): Promise<string> {
      const body = { accountId, ...(durationSeconds !== undefined && { durationSeconds }) };
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
