import { noKeysForConsoles } from '../../shared/http/no-keys-for-consoles.ts';
import { type Answer, operation } from '../../shared/http/operation.ts';
import { Problem } from '../../shared/http/problems.ts';
import { type AskingPorts, askForAccess } from '../../shared/requests/ask-for-access.ts';
import type { ClaimingPorts } from '../claim-session.ts';
import { claimWithOf } from '../parse-recipient-key.ts';
import { newClaimedRequestSchema, newRequestQuerySchema } from '../request-bodies.ts';
import { linkedViewOf, linkedViewSchema, retryAfterOf } from '../request-views.ts';
import { type WaitingPorts, waitForDecision } from '../wait-for-row.ts';

/** Seconds a dry run is waited for: its caller wants the verdict, not an id. */
const DRY_RUN_WAIT_SECONDS = 25;

export const createRequest = operation({
  id: 'createRequest',
  onlyAsks: true,
  method: 'POST',
  path: '/requests',
  summary: 'Ask for access, in plain language.',
  description:
    'Say why, and the broker chooses the grants; or name a job that a change has fixed for you, and no model is asked. With `?wait=` the answer is held while the request is PENDING; one that waits for approval is answered at once, with `Retry-After`. With a `recipientKey` a grant that asks nobody is minted at once, sealed to it: `POST /requests/{id}/credentials` with the same key answers it, for five minutes. With `?dryRun=true` the verdict, and the session policy that would be, is answered with 200.',
  query: newRequestQuerySchema,
  body: newClaimedRequestSchema,
  readsIdempotencyKey: true,
  readsDelegation: true,
  answers: {
    200: { description: 'A dry run: its verdict.', schema: linkedViewSchema },
    202: { description: 'The request, recorded and under way.', schema: linkedViewSchema },
  },
  problems: [
    'grant_not_selectable',
    'job_not_found',
    'recipient_key_invalid',
    'token_only_asks',
    'token_only_redirects',
    'callback_not_allowed',
    'subject_token_invalid',
    'subject_keys_unavailable',
    'idempotency_conflict',
    'limit_reached',
    'requests_suspended',
    'delegation_refused',
    'gateway_required',
  ],
  async run(call, ports: AskingPorts & WaitingPorts & Pick<ClaimingPorts, 'recipientKeys'>): Promise<Answer> {
    const dryRun = call.query.dryRun === 'true';
    const { recipientKey, ...wanted } = call.body;
    if (recipientKey && call.onlyAsks)
      throw new Problem('token_only_asks', 'Ask without a recipientKey: it claims the session.');
    if (recipientKey && call.redirectOnly) throw noKeysForConsoles();
    const claimWith = await claimWithOf(recipientKey, ports.recipientKeys);
    const opened = await askForAccess(wanted, dryRun, call, ports, claimWith);
    const seconds = call.query.wait ?? (dryRun ? DRY_RUN_WAIT_SECONDS : 0);
    const row = await waitForDecision(opened, seconds, call.deadline, ports, true);
    const body = linkedViewOf(row, call.basePath);
    const decided = dryRun && row.status !== 'PENDING';
    return {
      status: decided ? 200 : 202,
      body,
      headers: { location: body.links.self, ...retryAfterOf(row) },
    };
  },
});
