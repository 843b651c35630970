import type { z } from 'zod';
import type { RequestRow } from '../../shared/domain/request-row.ts';
import { mayRevokeOthers } from '../../shared/domain/revocation/may-revoke.ts';
import { type Answer, type Call, operation } from '../../shared/http/operation.ts';
import { Problem } from '../../shared/http/problems.ts';
import { type RevokingPorts, startRevocation } from '../../shared/requests/start-revocation.ts';
import { type FindingPorts, findOwnRequest, findRequest } from '../find-request.ts';
import { problemOfRevocation } from '../problem-of-revocation.ts';
import { noQuerySchema, revokeBodySchema } from '../request-bodies.ts';
import { revokedViewOf, revokedViewSchema } from '../request-views.ts';
import { type WaitingPorts, waitForRow } from '../wait-for-row.ts';

type RevocablePorts = FindingPorts & {
  /** The groups of all tiers: their active members may revoke. */
  readonly approverGroups: () => readonly string[];
};
export type EndingPorts = RevocablePorts & RevokingPorts & WaitingPorts;

/** The caller's own request, or, for an approver or admin who says why, anybody's. */
async function findRevocable(
  call: Call<unknown, z.output<typeof revokeBodySchema>>,
  ports: RevocablePorts,
): Promise<RequestRow> {
  const { caller, id, body } = call;
  if (!mayRevokeOthers(caller, ports.approverGroups())) return findOwnRequest(call, ports);
  const row = await findRequest(id, ports.requests);
  if (row.principalId === caller.id) return findOwnRequest(call, ports);
  if (body?.reason !== undefined) return row;
  throw new Problem('invalid_request', 'reason: say why another principal’s session is revoked.', {
    errors: [{ field: 'reason', message: 'is required to revoke the session of another principal' }],
  });
}

export const revokeSession = operation({
  id: 'revokeSession',
  method: 'POST',
  path: '/requests/{id}/revoke',
  summary: 'End a session before its time.',
  description:
    'Its requester may, and with a reason an approver or admin. Every later AWS call of the session is denied, on AWS within seconds. Credentials that were handed over cannot be taken back: they are denied until they expire.',
  query: noQuerySchema,
  body: revokeBodySchema,
  readsSubjectToken: true,
  answers: {
    200: { description: 'The session is denied.', schema: revokedViewSchema },
    202: {
      description: 'The revocation is under way; repeat the call to see it done.',
      schema: revokedViewSchema,
    },
  },
  problems: [
    'request_not_found',
    'subject_token_invalid',
    'subject_keys_unavailable',
    'no_session',
    'session_ended',
    'already_revoked',
    'would_end_every_session',
  ],
  async run(call, ports: EndingPorts): Promise<Answer> {
    const { caller } = call;
    const { reason, everySession = false } = call.body ?? {};
    const row = await findRevocable(call, ports);
    const refusal = await startRevocation(
      row,
      { by: caller.id, ...(reason !== undefined && { because: reason }), everySession },
      ports,
    );
    if (refusal) throw problemOfRevocation(refusal, row);
    const latest = await waitForRow(row, ({ revocation }) => !revocation, call.deadline, ports);
    return { status: latest.revocation ? 200 : 202, body: revokedViewOf(latest) };
  },
});
