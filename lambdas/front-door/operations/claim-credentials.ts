import { type Answer, operation } from '../../shared/http/operation.ts';
import { type ClaimingPorts, claimSession } from '../claim-session.ts';
import { type FindingPorts, findOwnRequest } from '../find-request.ts';
import { claimBodySchema, noQuerySchema } from '../request-bodies.ts';
import { claimedSchema } from '../request-views.ts';

export const claimCredentials = operation({
  id: 'claimCredentials',
  method: 'POST',
  path: '/requests/{id}/credentials',
  summary: 'Claim the session of a granted request, once.',
  description:
    'With `recipientKey` the session comes sealed to it, and a lost answer can be fetched again with the same key for five minutes.',
  query: noQuerySchema,
  body: claimBodySchema,
  readsSubjectToken: true,
  readsDelegation: true,
  answers: { 200: { description: 'The session, opened or sealed.', schema: claimedSchema } },
  problems: [
    'request_not_found',
    'delegation_refused',
    'gateway_required',
    'subject_token_invalid',
    'subject_keys_unavailable',
    'recipient_key_invalid',
    'recipient_key_required',
    'not_ready',
    'already_claimed',
    'claim_in_progress',
    'claim_timed_out',
    'nothing_to_claim',
    'principal_suspended',
    'request_denied',
    'request_expired',
    'request_cancelled',
    'request_failed',
    'reviewer_unavailable',
  ],
  async run(call, ports: ClaimingPorts & FindingPorts): Promise<Answer> {
    const row = await findOwnRequest(call, ports);
    return { status: 200, body: await claimSession(row, call.body?.recipientKey, call, ports) };
  },
});
