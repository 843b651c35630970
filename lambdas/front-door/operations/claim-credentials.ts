import * as z from 'zod';
import { noKeysForConsoles } from '../../shared/http/no-keys-for-consoles.ts';
import { type Answer, operation } from '../../shared/http/operation.ts';
import { Problem } from '../../shared/http/problems.ts';
import { type ClaimingPorts, claimSession } from '../claim-session.ts';
import { type FindingPorts, findOwnRequest } from '../find-request.ts';
import { claimBodySchema, noQuerySchema } from '../request-bodies.ts';
import { claimedSchema, redirectSchema } from '../request-views.ts';

type Claimed = z.infer<typeof claimedSchema>;

/** INVARIANT: of the session nothing else leaves. Throws where AWS gave no address: then it is of no use to anybody. */
function redirectOf(claimed: Claimed, requestId: string): z.infer<typeof redirectSchema> {
  if (!('consoleUrl' in claimed) || !claimed.consoleUrl)
    throw new Problem('claim_timed_out', 'AWS gave no address to sign in at: make a new request.', {
      requestId,
    });
  const { consoleUrl, assumedRoleArn } = claimed;
  return { consoleUrl, assumedRoleArn };
}

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
  answers: {
    200: {
      description: 'The session, opened or sealed; or where it signs in to the AWS console.',
      schema: z.union([...claimedSchema.options, redirectSchema]),
    },
  },
  problems: [
    'request_not_found',
    'token_only_redirects',
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
    const { recipientKey, delivery } = call.body ?? {};
    if (call.redirectOnly && delivery !== 'redirect') throw noKeysForConsoles();
    if (delivery && call.caller.type !== 'human') {
      const errors = [{ field: 'delivery', message: 'is for people: agents have no AWS console' }];
      throw new Problem('invalid_request', 'delivery: is for people: agents have no AWS console.', {
        errors,
      });
    }
    const row = await findOwnRequest(call, ports);
    const claimed = await claimSession(row, recipientKey, call, ports);
    return { status: 200, body: delivery ? redirectOf(claimed, row.requestId) : claimed };
  },
});
