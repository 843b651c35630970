import * as z from 'zod';
import type { CallRecord } from '../../shared/domain/audit/call-record.ts';
import type { Gateway } from '../../shared/domain/identity/delegation.ts';
import { gatewaySessionIdSchema } from '../../shared/domain/identity/gateway-session-id.ts';
import { type Answer, operation } from '../../shared/http/operation.ts';
import { callListSchema } from '../gateway-session-view.ts';
import { findGatewaySession, type GatewayEndingPorts } from './end-gateway-session.ts';

export type CallListingPorts = Pick<GatewayEndingPorts, 'delegations' | 'approverGroups'> & {
  readonly gateways: readonly Gateway[];
  readonly calls: { list(session: string, after: number, limit: number): Promise<readonly CallRecord[]> };
};

const MOST_RECORDS = 100;

export const listGatewayCalls = operation({
  id: 'listGatewayCalls',
  method: 'GET',
  path: '/gateway-sessions/{id}/calls',
  pathId: { schema: gatewaySessionIdSchema, description: 'The id of a gateway’s session.' },
  summary: 'What a session of the gateway called, oldest first, a hundred records at a time.',
  description:
    'Each record is chained to the one before and signed by the gateway; an intent was durable before its call was made. Neither bodies nor values of parameters are in them; of a call that was made, the archive has both, masked, and the record their digest.',
  query: z.strictObject({
    after: z
      .string()
      .regex(/^[0-9]{1,16}$/, 'must be the seq of a record')
      .transform(Number)
      .optional()
      .describe('The `seq` of the last record that is known.'),
  }),
  body: z.undefined(),
  answers: {
    200: {
      description: 'The records.',
      schema: callListSchema,
    },
  },
  problems: ['gateway_session_not_found'],
  async run({ id, caller, query }, ports: CallListingPorts): Promise<Answer> {
    const { sessionId, gatewayRoleArn } = await findGatewaySession(id, caller, ports);
    const calls = await ports.calls.list(sessionId, query.after ?? 0, MOST_RECORDS);
    const recordKey = ports.gateways.find(({ roleArn }) => roleArn === gatewayRoleArn)?.recordKey;
    return { status: 200, body: { calls, ...(recordKey && { recordKey }) } };
  },
});
