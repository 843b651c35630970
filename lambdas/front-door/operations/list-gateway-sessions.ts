import * as z from 'zod';
import type { Delegation } from '../../shared/domain/identity/delegation.ts';
import { isAuditor } from '../../shared/domain/identity/is-auditor.ts';
import { principalIdSchema } from '../../shared/domain/principal.ts';
import { type Answer, operation } from '../../shared/http/operation.ts';
import { Problem } from '../../shared/http/problems.ts';
import { gatewaySessionListSchema, gatewaySessionView } from '../gateway-session-view.ts';

export type GatewayListingPorts = {
  readonly delegations: { listByPrincipal(principalId: string): Promise<readonly Delegation[]> };
  readonly clock: () => Date;
};

export const listGatewaySessions = operation({
  id: 'listGatewaySessions',
  method: 'GET',
  path: '/gateway-sessions',
  summary: 'Own sessions of the gateway, newest first, the last fifty.',
  query: z.strictObject({
    principal: principalIdSchema.optional().describe("Auditors only: another principal's sessions."),
  }),
  body: z.undefined(),
  answers: {
    200: { description: 'The sessions.', schema: gatewaySessionListSchema },
  },
  problems: ['auditor_required'],
  async run({ caller, query }, ports: GatewayListingPorts): Promise<Answer> {
    const principalId = query.principal ?? caller.id;
    if (principalId !== caller.id && !isAuditor(caller)) {
      throw new Problem('auditor_required', 'Leave out "principal" to list your own sessions.');
    }
    const sessions = await ports.delegations.listByPrincipal(principalId);
    return {
      status: 200,
      body: { sessions: sessions.map((each) => gatewaySessionView(each, ports.clock())) },
    };
  },
});
