import * as z from 'zod';
import type { Delegation } from '../../shared/domain/identity/delegation.ts';
import { gatewaySessionIdSchema } from '../../shared/domain/identity/gateway-session-id.ts';
import { isAuditor } from '../../shared/domain/identity/is-auditor.ts';
import type { Principal } from '../../shared/domain/principal.ts';
import { mayRevokeOthers } from '../../shared/domain/revocation/may-revoke.ts';
import { type Answer, operation } from '../../shared/http/operation.ts';
import { Problem } from '../../shared/http/problems.ts';
import { gatewaySessionSchema, gatewaySessionView } from '../gateway-session-view.ts';
import { noQuerySchema } from '../request-bodies.ts';

type Found = { get(sessionId: string): Promise<Delegation | undefined> };
export type GatewayEndingPorts = {
  readonly delegations: Found & {
    end(sessionId: string, ended: NonNullable<Delegation['ended']>): Promise<boolean>;
  };
  readonly approverGroups: () => readonly string[];
  readonly clock: () => Date;
};

/** The session, for its own principal, auditors and who may revoke; for anybody else it does not exist. */
export async function findGatewaySession(
  id: string,
  caller: Principal,
  { delegations, approverGroups }: { delegations: Found; approverGroups: () => readonly string[] },
): Promise<Delegation> {
  const found = gatewaySessionIdSchema.safeParse(id).success ? await delegations.get(id) : undefined;
  const mayLook = isAuditor(caller) || mayRevokeOthers(caller, approverGroups());
  if (found && (found.principalId === caller.id || mayLook)) return found;
  throw new Problem('gateway_session_not_found', 'Check the id: GET /gateway-sessions lists yours.');
}

export const endGatewaySession = operation({
  id: 'endGatewaySession',
  method: 'POST',
  path: '/gateway-sessions/{id}/end',
  pathId: { schema: gatewaySessionIdSchema, description: 'The id of a gateway’s session.' },
  summary: 'End a session of the gateway at once.',
  description:
    'Its principal may, and auditors, approvers and admins. Every later call is refused, on every replica of the gateway; what is being downloaded is cut. Ending twice is no error.',
  query: noQuerySchema,
  body: z.strictObject({}).optional(),
  answers: { 200: { description: 'The session, ended.', schema: gatewaySessionSchema } },
  problems: ['gateway_session_not_found'],
  async run({ id, caller }, ports: GatewayEndingPorts): Promise<Answer> {
    const found = await findGatewaySession(id, caller, ports);
    const now = ports.clock();
    await ports.delegations.end(found.sessionId, { at: now.toISOString(), by: caller.id });
    const ended = await ports.delegations.get(found.sessionId);
    return { status: 200, body: gatewaySessionView(ended ?? found, now) };
  },
});
