import type { z } from 'zod';
import { requestStatusSchema } from '../domain/access-request.ts';
import type { RequestRow } from '../domain/request-row.ts';
import type { RowTransition } from '../domain/row-transition.ts';
import type { Call } from '../http/operation.ts';
import { Problem } from '../http/problems.ts';
import type { newRequestSchema } from './new-request.ts';
import { type Asked, type OpeningPorts, openRequest } from './open-request.ts';
import { type SubjectTokens, subjectOfCall } from './verify-subject.ts';

export type AskingPorts = OpeningPorts & {
  readonly requests: { transition(requestId: string, transition: RowTransition): Promise<boolean> };
  readonly subjectTokens: SubjectTokens;
  /** Task tokens go in; nothing takes them out again here. */
  readonly callbacks: {
    putToken(requestId: string, token: { taskToken: string; ttl: number }): Promise<void>;
  };
  /** `callbacksAllowed`: some state machine is on the list of those that may be called back. */
  readonly settings: { readonly callbacksAllowed: boolean };
};

/**
 * Opens a request for access: verifies on whose behalf, and refuses what is not allow-listed. `claimWith` is the key that
 * its caller claims with already.
 */
export async function askForAccess(
  body: z.output<typeof newRequestSchema>,
  dryRun: boolean,
  call: Pick<Call, 'caller' | 'idempotencyKey' | 'actsFor'>,
  ports: AskingPorts,
  claimWith?: Asked['claimWith'],
): Promise<RequestRow> {
  const { reason, durationSeconds, subjectToken, callback } = body;
  if (callback) checkCallback(dryRun, ports);
  const subject = await subjectOfCall(call, subjectToken, ports.subjectTokens);
  const asked = { reason, dryRun, durationSeconds, subject, claimWith: dryRun ? undefined : claimWith };
  if (!callback) return openRequest(asked, call, ports);
  const { taskToken } = callback;
  const row = await openRequest({ ...asked, hasCallback: true }, call, ports, ({ requestId, ttl }) =>
    ports.callbacks.putToken(requestId, { taskToken, ttl }),
  );
  // A repeat, by a task that was retried and has a new token: the row's change calls for its delivery.
  if (row.status !== 'PENDING') {
    await ports.requests.transition(row.requestId, {
      from: requestStatusSchema.options,
      set: { hasCallback: true },
    });
  }
  return row;
}

/** Whose the token is, only Step Functions knows: IAM decides that once it is used. */
function checkCallback(dryRun: boolean, { settings }: Pick<AskingPorts, 'settings'>): void {
  if (settings.callbacksAllowed && !dryRun) return;
  const detail = settings.callbacksAllowed
    ? 'callback: a dry run is answered at once, and calls nobody back.'
    : 'callback: no state machine is allow-listed; poll the request instead.';
  const errors = [{ field: 'callback', message: 'is not allowed' }];
  throw new Problem('callback_not_allowed', detail, { errors });
}
