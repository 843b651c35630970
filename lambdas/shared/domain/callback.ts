import * as z from 'zod';
import type { RequestStatus } from './access-request.ts';
import type { RequestRow } from './request-row.ts';

/** What the waiting task of a caller's workflow ends with. Never credentials: its history would show them. */
export type CallbackMessage =
  | { readonly kind: 'success'; readonly output: { requestId: string; status: RequestStatus } }
  | { readonly kind: 'failure'; readonly error: string; readonly cause: string };

const FULFILLED: readonly RequestStatus[] = ['READY', 'ISSUED', 'APPLIED'];

/** The error a task fails with where there is no access: what a caller's `Catch` names. */
const FAILURES: Partial<Record<RequestStatus, string>> = {
  DENIED: 'PosternDenied',
  EXPIRED: 'PosternExpired',
  CANCELLED: 'PosternCancelled',
  FAILED: 'PosternFailed',
};

/** The statuses at which a callback is due. */
export const DECIDED_STATUSES = [...FULFILLED, ...Object.keys(FAILURES)] as readonly RequestStatus[];

/**
 * What is said of a request to the workflow that waits on it; undefined while nothing is decided. Anything but
 * access is a failure, so that a workflow that looks at nothing does not go on as if it had some.
 */
export function callbackOf({ requestId, status }: RequestRow): CallbackMessage | undefined {
  const said = { requestId, status };
  if (FULFILLED.includes(status)) return { kind: 'success', output: said };
  const error = FAILURES[status];
  return error === undefined ? undefined : { kind: 'failure', error, cause: JSON.stringify(said) };
}

/**
 * `gone`: the task was over before it could be told. `refused`: the token is of no state machine on the list,
 * or no token.
 */
const settlementSchema = z.enum(['delivered', 'gone', 'refused']);
export type Settlement = z.infer<typeof settlementSchema>;

export const callbackViewSchema = z.object({
  status: z.enum(['awaited', ...settlementSchema.options]),
  at: z.iso.datetime().optional(),
});
/** How a request's callback stands. `awaited` until the request is decided and its workflow is told. */
export type CallbackView = z.infer<typeof callbackViewSchema>;
