import { type Answer, operation } from '../../shared/http/operation.ts';
import { type AskingPorts, askForAccess } from '../../shared/requests/ask-for-access.ts';
import { newRequestSchema } from '../../shared/requests/new-request.ts';
import { newRequestQuerySchema } from '../request-bodies.ts';
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
    'Say why; the broker chooses the grants. With `?wait=` the answer is held while the request is PENDING; one that waits for approval is answered at once, with `Retry-After`. With `?dryRun=true` the verdict, and the session policy that would be, is answered with 200.',
  query: newRequestQuerySchema,
  body: newRequestSchema,
  readsIdempotencyKey: true,
  answers: {
    200: { description: 'A dry run: its verdict.', schema: linkedViewSchema },
    202: { description: 'The request, recorded and under way.', schema: linkedViewSchema },
  },
  problems: [
    'grant_not_selectable',
    'callback_not_allowed',
    'subject_token_invalid',
    'subject_keys_unavailable',
    'idempotency_conflict',
    'limit_reached',
    'requests_suspended',
  ],
  async run(call, ports: AskingPorts & WaitingPorts): Promise<Answer> {
    const dryRun = call.query.dryRun === 'true';
    const opened = await askForAccess(call.body, dryRun, call, ports);
    const seconds = call.query.wait ?? (dryRun ? DRY_RUN_WAIT_SECONDS : 0);
    const row = await waitForDecision(opened, seconds, call.deadline, ports);
    const body = linkedViewOf(row, call.basePath);
    const decided = dryRun && row.status !== 'PENDING';
    return {
      status: decided ? 200 : 202,
      body,
      headers: { location: body.links.self, ...retryAfterOf(row) },
    };
  },
});
