import * as z from 'zod';
import type { CallbackView } from '../../shared/domain/callback.ts';
import { type Answer, operation } from '../../shared/http/operation.ts';
import { type DenialPorts, findDenials } from '../find-denials.ts';
import { type FindingPorts, findReadableRequest } from '../find-request.ts';
import { findSeal, type SealPorts } from '../find-seal.ts';
import { waitQuerySchema } from '../request-bodies.ts';
import { requestViewSchema, retryAfterOf, viewOf } from '../request-views.ts';
import { type WaitingPorts, waitForDecision } from '../wait-for-row.ts';

export type ReadingPorts = FindingPorts &
  WaitingPorts &
  DenialPorts &
  SealPorts & {
    /** How the workflow that waits on a request was told. Its task token does not come out. */
    readonly callbacks: { viewOf(requestId: string): Promise<CallbackView> };
  };

export const getRequest = operation({
  id: 'getRequest',
  onlyAsks: true,
  method: 'GET',
  path: '/requests/{id}',
  summary: 'One request, as it stands.',
  description: 'Only its requester, or an auditor, can see it; for anyone else it does not exist.',
  query: waitQuerySchema,
  body: z.undefined(),
  readsSubjectToken: true,
  readsDelegation: true,
  answers: { 200: { description: 'The request.', schema: requestViewSchema } },
  problems: ['request_not_found', 'delegation_refused', 'subject_token_invalid', 'subject_keys_unavailable'],
  async run(call, ports: ReadingPorts): Promise<Answer> {
    const found = await findReadableRequest(call, ports);
    const row = await waitForDecision(found, call.query.wait ?? 0, call.deadline, ports);
    const [callback, deniedBy, seal] = await Promise.all([
      row.hasCallback ? ports.callbacks.viewOf(row.requestId) : undefined,
      findDenials(row, ports),
      call.delegation ? findSeal(row, ports) : undefined,
    ]);
    const body = viewOf(row, {
      ...(callback && { callback }),
      ...(deniedBy && { deniedBy }),
      ...(seal && { seal }),
    });
    return { status: 200, body, headers: retryAfterOf(row) };
  },
});
