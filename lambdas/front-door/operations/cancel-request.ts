import { OPEN_STATUSES } from '../../shared/domain/access-request.ts';
import type { RowTransition } from '../../shared/domain/row-transition.ts';
import { type Answer, operation } from '../../shared/http/operation.ts';
import { Problem } from '../../shared/http/problems.ts';
import { type FindingPorts, findOwnRequest } from '../find-request.ts';
import { cancelBodySchema, noQuerySchema } from '../request-bodies.ts';
import { requestViewSchema, viewOf } from '../request-views.ts';

export type CancellingPorts = FindingPorts & {
  readonly requests: { transition(requestId: string, transition: RowTransition): Promise<boolean> };
  readonly stateMachine: {
    /** Stops the request's execution; no error where there is none. */
    stop(requestId: string, cause: string): Promise<void>;
  };
};

export const cancelRequest = operation({
  id: 'cancelRequest',
  onlyAsks: true,
  method: 'POST',
  path: '/requests/{id}/cancel',
  summary: 'Cancel a request that still waits.',
  query: noQuerySchema,
  body: cancelBodySchema,
  readsSubjectToken: true,
  answers: { 200: { description: 'The request, cancelled.', schema: requestViewSchema } },
  problems: ['request_not_found', 'subject_token_invalid', 'subject_keys_unavailable', 'not_cancellable'],
  async run(call, ports: CancellingPorts): Promise<Answer> {
    const row = await findOwnRequest(call, ports);
    const { requestId } = row;
    const cancelled = await ports.requests.transition(requestId, {
      from: OPEN_STATUSES,
      onlyIf: { absent: ['claim'] },
      set: { status: 'CANCELLED', closedBecause: 'cancelled_by_requester' },
    });
    const latest = (await ports.requests.get(requestId)) ?? row;
    if (!cancelled && latest.status !== 'CANCELLED') {
      const about = { requestId, requestStatus: latest.status };
      throw new Problem('not_cancellable', 'It is claimed or closed; let a session you hold expire.', about);
    }
    // On a repeat too: the first call may have died before it stopped the execution.
    await ports.stateMachine.stop(requestId, 'cancelled by its requester');
    return { status: 200, body: viewOf(latest) };
  },
});
