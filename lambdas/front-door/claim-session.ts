import type { z } from 'zod';
import type { RequestRow } from '../shared/domain/request-row.ts';
import type { RowTransition } from '../shared/domain/row-transition.ts';
import type { SessionCredentials } from '../shared/domain/session.ts';
import type { RecipientKey } from '../shared/domain/workflow-state.ts';
import type { Call } from '../shared/http/operation.ts';
import { Problem } from '../shared/http/problems.ts';
import { parseRecipientKey } from './parse-recipient-key.ts';
import { problemOfRow } from './problem-of-row.ts';
import type { claimedSchema } from './request-views.ts';
import { type WaitingPorts, waitForRow } from './wait-for-row.ts';

/** A one-time key pair. The private half lives as long as the call. */
type KeyPair = {
  readonly publicKey: RecipientKey;
  readonly privateKey: Readonly<Record<string, unknown>>;
};

export type ClaimingPorts = Omit<WaitingPorts, 'aim'> & {
  readonly requests: { transition(requestId: string, transition: RowTransition): Promise<boolean> };
  readonly stateMachine: {
    /** Completes a waiting task. `gone`: it timed out, or was completed already. */
    completeTask(taskToken: string, output: unknown): Promise<'completed' | 'gone'>;
  };
  readonly recipientKeys: {
    make(): Promise<KeyPair>;
    canSealTo(key: RecipientKey): Promise<boolean>;
    thumbprintOf(key: RecipientKey): Promise<string>;
    open(privateKey: KeyPair['privateKey'], jwe: string, requestId: string): Promise<SessionCredentials>;
  };
  readonly consoleSignIn: {
    /** A sign-in URL for a session, that opens at what its policy allows; undefined where the federation endpoint does not answer. */
    urlFor(credentials: SessionCredentials, sessionPolicy?: string): Promise<string | undefined>;
  };
  /** A claim must bring its own key, so that the front door never sees an opened session. */
  readonly settings: { readonly requireRecipientKey: boolean };
};

type Claimed = z.infer<typeof claimedSchema>;
type Claiming = Pick<Call, 'caller' | 'deadline'>;

/** Milliseconds for which a claim waits for its session. */
const ISSUE_WAIT_MS = 20_000;
/** Milliseconds for which the same recipient key may fetch the same sealed session again. */
const FETCH_AGAIN_MS = 5 * 60 * 1000;

const about = (row: RequestRow) => ({ requestId: row.requestId, requestStatus: row.status });

/**
 * Claims a request's session, once, and hands it over as soon as it is ISSUED: sealed where the caller brought
 * its own key, else opened here with a key that lives as long as this call.
 */
export async function claimSession(
  row: RequestRow,
  jwk: Record<string, unknown> | undefined,
  call: Claiming,
  ports: ClaimingPorts,
): Promise<Claimed> {
  if (!jwk && ports.settings.requireRecipientKey) {
    throw new Problem(
      'recipient_key_required',
      'Send "recipientKey": the public half of a one-time key, as a JWK.',
    );
  }
  const recipientKey = jwk && (await parseRecipientKey(jwk, ports.recipientKeys));
  await checkDelivery(row, recipientKey, call, ports);
  const problem = problemOfRow(row);
  if (problem) throw problem;
  if (call.caller.status !== 'active') {
    throw new Problem('principal_suspended', 'Ask an administrator.', about(row));
  }
  return recipientKey ? claimSealed(row, recipientKey, call, ports) : claimOpened(row, call, ports);
}

/** What a gateway asked for is sealed to its key alone; so is all that a principal gets who has it delivered there. */
async function checkDelivery(
  { gateway }: RequestRow,
  key: RecipientKey | undefined,
  { caller }: Claiming,
  { recipientKeys }: ClaimingPorts,
): Promise<void> {
  if (!gateway && caller.delivery === 'gateway') {
    throw new Problem('gateway_required', 'Make the calls through the gateway: postern gateway open.');
  }
  if (gateway && (!key || (await recipientKeys.thumbprintOf(key)) !== gateway.keyThumbprint)) {
    throw new Problem(
      'gateway_required',
      'This session was asked for by a gateway, and is sealed to its key.',
    );
  }
}

async function claimSealed(
  row: RequestRow,
  key: RecipientKey,
  call: Claiming,
  ports: ClaimingPorts,
): Promise<Claimed> {
  const issued = await issue(row, key, call, ports);
  if (!issued.session) {
    throw new Problem('claim_in_progress', 'Repeat this call with the same recipientKey.', {
      ...about(issued),
      retryAfterSeconds: 2,
    });
  }
  return { sealed: issued.session.sealed };
}

async function claimOpened(row: RequestRow, call: Claiming, ports: ClaimingPorts): Promise<Claimed> {
  const { publicKey, privateKey } = await ports.recipientKeys.make();
  const issued = await issue(row, publicKey, call, ports);
  if (!issued.session) {
    throw new Problem(
      'claim_timed_out',
      'Make a new request; claim with a recipientKey to survive this.',
      about(issued),
    );
  }
  const opened = await ports.recipientKeys.open(privateKey, issued.session.sealed, row.requestId);
  const { assumedRoleArn, ...credentials } = opened;
  const consoleUrl =
    call.caller.type === 'human'
      ? await ports.consoleSignIn.urlFor(opened, issued.decision?.entitlement?.sessionPolicy)
      : undefined;
  return { credentials, assumedRoleArn, ...(consoleUrl && { consoleUrl }) };
}

/** Claims for a key and waits; the row it answers holds a session only where that session is ISSUED. */
async function issue(
  row: RequestRow,
  recipientKey: RecipientKey,
  call: Claiming,
  ports: ClaimingPorts,
): Promise<RequestRow> {
  const thumbprint = await ports.recipientKeys.thumbprintOf(recipientKey);
  const claimed = row.claim ? row : await writeClaim(row, recipientKey, thumbprint, ports);
  if (claimed.claim?.thumbprint !== thumbprint) throw alreadyClaimed(claimed);
  // Also on a repeat: the first call may have died between writing the claim and redeeming it.
  if (claimed.status === 'READY' && claimed.claimToken) {
    await ports.stateMachine.completeTask(claimed.claimToken, { recipientKey });
  }
  const until = Math.min(ports.clock().getTime() + ISSUE_WAIT_MS, call.deadline.getTime());
  const ended = await waitForRow(claimed, ({ status }) => status === 'READY', new Date(until), ports);
  const problem = problemOfRow(ended);
  if (problem) throw problem;
  if (ended.status !== 'ISSUED') {
    const { session: _, ...unissued } = ended;
    return unissued;
  }
  const fetchUntil = new Date(ended.claim?.claimedAt ?? 0).getTime() + FETCH_AGAIN_MS;
  if (ports.clock().getTime() > fetchUntil) throw alreadyClaimed(ended);
  return ended;
}

/** One claim wins; the row as it is afterwards, whoever won. */
async function writeClaim(
  row: RequestRow,
  recipientKey: RecipientKey,
  thumbprint: string,
  ports: ClaimingPorts,
) {
  const { requestId, claimToken } = row;
  await ports.requests.transition(requestId, {
    from: ['READY'],
    onlyIf: { absent: ['claim'], ...(claimToken && { equals: { claimToken } }) },
    set: { claim: { thumbprint, recipientKey, claimedAt: ports.clock().toISOString() } },
  });
  const latest = await ports.requests.get(requestId);
  const problem = latest && problemOfRow(latest);
  if (problem) throw problem;
  return latest ?? row;
}

const alreadyClaimed = (row: RequestRow) =>
  new Problem(
    'already_claimed',
    'A session is handed over once; make a new request for another.',
    about(row),
  );
