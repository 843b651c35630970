import { heldCallSchema } from '../../shared/domain/calls/held-call.ts';
import { type Answer, operation } from '../../shared/http/operation.ts';
import { Problem } from '../../shared/http/problems.ts';
import { type OpeningPorts, openRequest } from '../../shared/requests/open-request.ts';
import { findSeal, type SealPorts } from '../find-seal.ts';
import { waitQuerySchema } from '../request-bodies.ts';
import { linkedViewOf, linkedViewSchema, retryAfterOf } from '../request-views.ts';
import { type WaitingPorts, waitForDecision } from '../wait-for-row.ts';

/** A call as its gateway tells it: the session and the account are the delegation's. */
const newCallSchema = heldCallSchema.omit({ sessionId: true, accountId: true });

export const holdCall = operation({
  id: 'holdCall',
  method: 'POST',
  path: '/calls',
  summary: 'Ask people whether a gateway may make one call.',
  description:
    'Of gateways alone, by a delegation. The call is shown with its parameters; what people answer is bound to it, to the gateway’s session, its principal and its subject. An answer of ALLOWED carries a seal, which the gateway verifies and consumes: the call is made once, within 15 minutes. The same `Idempotency-Key` finds the same request.',
  query: waitQuerySchema,
  body: newCallSchema,
  maxBodyBytes: 64 * 1024,
  readsIdempotencyKey: true,
  readsDelegation: true,
  answers: { 202: { description: 'The request, recorded and under way.', schema: linkedViewSchema } },
  problems: ['delegation_refused', 'idempotency_conflict', 'limit_reached', 'requests_suspended'],
  async run(call, ports: OpeningPorts & WaitingPorts & SealPorts): Promise<Answer> {
    const { delegation, body } = call;
    if (!delegation) throw new Problem('delegation_refused', 'Only a registered gateway holds calls.');
    const { reason, subject, sessionId, accountId, keyThumbprint } = delegation;
    if (reason === undefined) {
      throw new Problem(
        'delegation_refused',
        'The session was opened without a reason: open one with --reason.',
      );
    }
    const held = heldCallSchema.parse({ ...body, sessionId, accountId });
    const wanted = { reason, subject, dryRun: false, call: held, gateway: { sessionId, keyThumbprint } };
    const opened = await openRequest(wanted, call, ports);
    const row = await waitForDecision(opened, call.query.wait ?? 0, call.deadline, ports);
    const answer = linkedViewOf(row, call.basePath, await findSeal(row, ports));
    return { status: 202, body: answer, headers: { location: answer.links.self, ...retryAfterOf(row) } };
  },
});
