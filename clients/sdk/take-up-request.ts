import { randomUUID } from 'node:crypto';
import type { RequestView } from '../../lambdas/front-door/request-views.ts';
import type { BrokerClient } from './broker-client.ts';
import type { ClaimKeys } from './claim-keys.ts';
import { PosternError } from './postern-error.ts';
import type { HandleStore, HeldHandle } from './request-handles.ts';
import { type Pause, pauseFor, tryAgain } from './try-again.ts';
import { type SubjectToken, tokenOf } from './wait-for-access.ts';

const ATTEMPTS = 3;

export type Wanted = {
  readonly reason?: string | undefined;
  /** A job of the caller's, by name; or a reason, or both. */
  readonly job?: string | undefined;
  /** Tickets and the like: at most five. */
  readonly references?: readonly string[] | undefined;
  readonly durationSeconds?: number | undefined;
  readonly subjectToken?: SubjectToken | undefined;
};
type Ports = {
  readonly broker: Pick<BrokerClient, 'createRequest' | 'getRequest'>;
  readonly handles: HandleStore;
  /** See jobKeyOf. */
  readonly job: string;
  /** The keys of whoever claims as soon as there is a session; absent where it may be claimed later, or by others. */
  readonly claimKeys?: ClaimKeys | undefined;
  readonly pause?: Pause | undefined;
  readonly signal?: AbortSignal | undefined;
};

/** A request to wait for, and the handle by which it is found again should that end too soon. */
export type OpenRequest = {
  readonly request: RequestView;
  readonly held: HeldHandle;
  readonly isOld: boolean;
};

/**
 * Whether a request that was asked before serves whoever asks the same now: one that is open or unclaimed does, and
 * so does a denial that nobody heard of. What was claimed, lapsed or failed does not.
 */
export const isTakenUp = ({ status }: Pick<RequestView, 'status'>): boolean =>
  status === 'PENDING' || status === 'AWAITING_APPROVAL' || status === 'READY' || status === 'DENIED';

/** Whether an error leaves the request as it is, so that it can be taken up again. */
export const leavesRequestOpen = (error: unknown): boolean =>
  !(error instanceof PosternError) ||
  error.status === 0 ||
  error.status >= 500 ||
  error.code === 'claim_in_progress' ||
  error.code === 'not_ready' ||
  error.code === 'subject_token_invalid' ||
  error.code === 'token_refused' ||
  error.code === 'signature_refused';

/** Finds the request of a handle; undefined where it is of no use. */
async function find(held: HeldHandle, wanted: Wanted, ports: Ports): Promise<RequestView | undefined> {
  const { broker, signal, pause = pauseFor } = ports;
  const { requestId } = held.handle;
  if (requestId === undefined) return create(held, wanted, ports);
  const look = async () =>
    broker.getRequest(requestId, { subjectToken: await tokenOf(wanted.subjectToken), signal });
  try {
    return await tryAgain(look, { attempts: ATTEMPTS, pause, signal });
  } catch (error) {
    if (error instanceof PosternError && error.code === 'request_not_found') return undefined;
    throw error;
  }
}

/** Asks, with the handle's key, so that a repeat is the same request; the id is kept as soon as it is known. */
async function create(held: HeldHandle, wanted: Wanted, ports: Ports): Promise<RequestView> {
  const { broker, signal, pause = pauseFor, claimKeys } = ports;
  const { reason, job, references, durationSeconds, subjectToken } = wanted;
  const { idempotencyKey } = held.handle;
  const keys = await claimKeys?.keysOf(idempotencyKey);
  const ask = async () =>
    broker.createRequest(
      {
        reason,
        job,
        references,
        durationSeconds,
        subjectToken: await tokenOf(subjectToken),
        ...(keys && { recipientKey: keys.publicKey }),
      },
      { idempotencyKey, signal },
    );
  const request = await tryAgain(ask, { attempts: ATTEMPTS, pause, signal });
  await held.note(request.requestId);
  return request;
}

/** Runs a step on a held handle; where it fails, the handle is let go, or forgotten if it leads nowhere. */
async function keeping<T>(held: HeldHandle, step: () => Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (error) {
    await (leavesRequestOpen(error) ? held.letGo() : held.forget());
    throw error;
  }
}

/**
 * Takes up the request that was asked before for the same job and not answered; asks where there is none. It is
 * answered as soon as its id is known, before anything is decided.
 */
export async function takeUpOrAsk(wanted: Wanted, ports: Ports): Promise<OpenRequest> {
  const { handles, job } = ports;
  for (let held = await handles.takeUp(job); held; held = await handles.takeUp(job)) {
    const old = held;
    // Sealed to a key of this process, it can still be fetched.
    const isOurs = ports.claimKeys?.has(old.handle.idempotencyKey) === true;
    const request = await keeping(old, () => find(old, wanted, ports));
    if (request && (isTakenUp(request) || (isOurs && request.status === 'ISSUED')))
      return { request, held: old, isOld: true };
    await old.forget();
  }
  return askAnew(wanted, ports);
}

/** Asks, though something of the same job may stand open. */
export async function askAnew(wanted: Wanted, ports: Ports): Promise<OpenRequest> {
  const held = await ports.handles.hold(ports.job, { idempotencyKey: randomUUID() });
  const request = await keeping(held, () => create(held, wanted, ports));
  return { request, held, isOld: false };
}
