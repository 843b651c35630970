import * as z from 'zod';
import { requestStatusSchema } from '../../lambdas/shared/domain/access-request.ts';
import type { HeldCall } from '../../lambdas/shared/domain/calls/held-call.ts';
import { sealSchema } from '../../lambdas/shared/domain/verdict.ts';
import { headersFor, type SendToBroker } from '../obtain/send-to-broker.ts';

/** As much of a call's request as the gateway looks at. */
const viewSchema = z.looseObject({
  requestId: z.string(),
  status: requestStatusSchema,
  updatedAt: z.iso.datetime(),
  seal: sealSchema.optional(),
});
export type CallRequest = z.infer<typeof viewSchema>;

/** Asks the broker's people about calls, by a delegation. Throws BrokerProblem for what the broker refuses. */
export function makeAskPeople(send: SendToBroker) {
  return {
    /** The request of this key: a new one, or the one that it stands for already. */
    async ask(call: HeldCall, key: string, delegation: string): Promise<CallRequest> {
      const { sessionId: _, accountId: __, ...body } = call;
      const headers = { ...headersFor(delegation), 'idempotency-key': key };
      return viewSchema.parse(await send({ method: 'POST', path: '/calls', body, headers }));
    },

    /** The request as it stands; while it is being looked into, after so many seconds at most. */
    async look(requestId: string, seconds: number, delegation: string): Promise<CallRequest> {
      const path = `/requests/${requestId}?wait=${seconds}`;
      return viewSchema.parse(await send({ method: 'GET', path, headers: headersFor(delegation) }));
    },
  };
}
export type AskPeople = ReturnType<typeof makeAskPeople>;
