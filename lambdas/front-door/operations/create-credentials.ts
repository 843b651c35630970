import { type Answer, operation } from '../../shared/http/operation.ts';
import { type AskingPorts, askForAccess } from '../../shared/requests/ask-for-access.ts';
import { type ClaimingPorts, claimSession } from '../claim-session.ts';
import { claimWithOf } from '../parse-recipient-key.ts';
import { newClaimedRequestSchema, waitQuerySchema } from '../request-bodies.ts';
import { claimedSchema, linkedViewOf, linkedViewSchema, retryAfterOf } from '../request-views.ts';
import { useSignatureOnce } from '../use-signature-once.ts';
import { type WaitingPorts, waitForDecision } from '../wait-for-row.ts';
import { claimCredentials } from './claim-credentials.ts';
import { createRequest } from './create-request.ts';

/** Seconds to wait for the decision, unless told. */
const DEFAULT_WAIT_SECONDS = 20;
/** Milliseconds that a claim without a recipient key needs: begun too late, its session would be lost. */
const CLAIM_TIME_MS = 5_000;

const notHere = new Set(['request_not_found', 'nothing_to_claim', 'not_ready']);

export const createCredentials = operation({
  id: 'createCredentials',
  method: 'POST',
  path: '/credentials',
  handsOver: true,
  summary: 'Ask, wait and claim in one call.',
  description:
    'Takes what `POST /requests` takes, and a `recipientKey`. Where people have to approve it answers 202.',
  query: waitQuerySchema,
  body: newClaimedRequestSchema,
  readsIdempotencyKey: true,
  answers: {
    200: { description: 'The session, opened or sealed.', schema: claimedSchema },
    202: {
      description: 'Not decided yet, or waiting for approval; claim it later.',
      schema: linkedViewSchema,
    },
  },
  problems: [
    'signature_used' as const,
    ...createRequest.problems,
    ...claimCredentials.problems.filter((code) => !notHere.has(code)),
  ].filter((code, index, all) => all.indexOf(code) === index),
  async run(call, ports: AskingPorts & ClaimingPorts & WaitingPorts): Promise<Answer> {
    const { recipientKey, ...wanted } = call.body;
    // A key that cannot be used is refused before anything is recorded for it.
    const claimWith = await claimWithOf(recipientKey, ports.recipientKeys);
    // Its answer opens to whoever sent it: nobody who overheard the call may have one too.
    if (!claimWith) await useSignatureOnce(call, ports);
    const opened = await askForAccess(wanted, false, call, ports, claimWith);
    const seconds = call.query.wait ?? DEFAULT_WAIT_SECONDS;
    const row = await waitForDecision(opened, seconds, call.deadline, ports, true);
    const tooLate = !recipientKey && call.deadline.getTime() - ports.clock().getTime() < CLAIM_TIME_MS;
    const undecided = row.status === 'PENDING' || row.status === 'AWAITING_APPROVAL';
    if (undecided || (row.status === 'READY' && tooLate)) {
      const body = linkedViewOf(row, call.basePath);
      return { status: 202, body, headers: { location: body.links.self, ...retryAfterOf(row) } };
    }
    return { status: 200, body: await claimSession(row, recipientKey, call, ports) };
  },
});
