import * as z from 'zod';
import { requestIdSchema } from '../../shared/domain/access-request.ts';
import type { CallbackMessage } from '../../shared/domain/callback.ts';
import { callbackOf, type Settlement } from '../../shared/domain/callback.ts';
import type { RequestRow } from '../../shared/domain/request-row.ts';

/** As much of the bus's event as is believed: which request. How it stands is read from its row. */
const eventSchema = z.object({
  'detail-type': z.literal('Request status'),
  detail: z.object({ requestId: requestIdSchema }),
});

/** A caller's task token, and until when it is kept (epoch seconds). */
type CallbackToken = { readonly taskToken: string; readonly ttl: number };

type Ports = {
  readonly requests: { get(requestId: string): Promise<RequestRow | undefined> };
  readonly callbacks: {
    getToken(requestId: string): Promise<CallbackToken | undefined>;
    /** Notes what became of a token, then forgets it. */
    settle(requestId: string, token: CallbackToken, status: Settlement, settledAt: Date): Promise<void>;
  };
  readonly tasks: { end(taskToken: string, message: CallbackMessage): Promise<Settlement> };
  readonly clock: () => Date;
  readonly log: (fields: Record<string, unknown>) => void;
};

/**
 * Tells the workflow that waits on a request how it was decided. Events come late, twice and out of order: a
 * token is used once, for what the row says by then. Throws where the workflow could not be told, to be called
 * again.
 */
export function makeDeliverCallback({ requests, callbacks, tasks, clock, log }: Ports) {
  return async (event: unknown): Promise<{ settlement: Settlement | 'none' }> => {
    const { requestId } = eventSchema.parse(event).detail;
    const token = await callbacks.getToken(requestId);
    const row = token && (await requests.get(requestId));
    const message = row && callbackOf(row);
    if (!token || !message) return { settlement: 'none' };
    const settlement = await tasks.end(token.taskToken, message);
    await callbacks.settle(requestId, token, settlement, clock());
    log({ requestId, settlement });
    return { settlement };
  };
}
