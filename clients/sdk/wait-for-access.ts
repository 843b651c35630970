import type { RequestView } from '../../lambdas/front-door/request-views.ts';
import {
  makeRecipientKeyPair,
  type RecipientKeyPair,
} from '../../lambdas/shared/adapters/sessions/recipient-keys.ts';
import { openCredentials } from '../../lambdas/shared/adapters/sessions/sealed-credentials.ts';
import type { SessionCredentials } from '../../lambdas/shared/domain/session.ts';
import type { BrokerClient } from './broker-client.ts';
import { PosternError } from './postern-error.ts';
import { type Pause, pauseFor, tryAgain } from './try-again.ts';

/** A signed-in user's token, or where to get a fresh one: waiting can outlast a token. */
export type SubjectToken = string | (() => Promise<string>);

export type WaitOptions = {
  readonly subjectToken?: SubjectToken | undefined;
  /** Milliseconds to wait for a decision, people included; ten minutes unless given. */
  readonly timeout?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Told each picture of the request whose status is new, the first included. */
  readonly onProgress?: ((request: RequestView) => void) | undefined;
  readonly pause?: Pause | undefined;
  /** Milliseconds since the epoch. */
  readonly now?: (() => number) | undefined;
};

/** Seconds the broker holds an answer; under its 25, and under usual proxies' 30. */
const HELD = 20;
/** Milliseconds between looks while people decide. */
const LOOK = 15_000;
const DEFAULT_TIMEOUT = 10 * 60 * 1000;
const LOOK_ATTEMPTS = 5;
/** A lost answer is fetched again with the same key: the broker keeps it for five minutes. */
const CLAIM_ATTEMPTS = 10;

/** The token to send now. */
export const tokenOf = (token: SubjectToken | undefined) =>
  typeof token === 'function' ? token() : Promise.resolve(token);

/** Waits until the request is no longer being decided. Throws `wait_timed_out`; the request then still stands. */
export async function waitForDecision(
  first: RequestView,
  broker: Pick<BrokerClient, 'getRequest'>,
  {
    subjectToken,
    timeout = DEFAULT_TIMEOUT,
    signal,
    onProgress,
    pause = pauseFor,
    now = Date.now,
  }: WaitOptions,
): Promise<RequestView> {
  const until = now() + timeout;
  let request = first;
  onProgress?.(request);
  while (request.status === 'PENDING' || request.status === 'AWAITING_APPROVAL') {
    const left = until - now();
    if (left <= 0) throw timedOut(request);
    if (request.status === 'AWAITING_APPROVAL') await pause(Math.min(LOOK, left), signal);
    const look = async () =>
      broker.getRequest(request.requestId, {
        wait: Math.min(HELD, Math.ceil(left / 1000)),
        subjectToken: await tokenOf(subjectToken),
        signal,
      });
    const next = await tryAgain(look, { attempts: LOOK_ATTEMPTS, pause, signal });
    if (next.status !== request.status) onProgress?.(next);
    request = next;
  }
  return request;
}

const timedOut = ({ requestId, status }: RequestView) =>
  new PosternError({
    code: 'wait_timed_out',
    detail:
      status === 'AWAITING_APPROVAL'
        ? 'Nobody has decided yet. The request still stands: look at its status later, then claim it.'
        : 'It is still being reviewed. Look at its status later, then claim it.',
    requestId,
  });

/**
 * Claims a granted request, and opens its session here: nobody between the broker and this process can read it. `keys` are
 * those that it was asked with, where it was.
 */
export async function claimAccess(
  requestId: string,
  broker: Pick<BrokerClient, 'claim'>,
  { subjectToken, signal, pause = pauseFor }: WaitOptions,
  keys?: RecipientKeyPair,
): Promise<SessionCredentials> {
  const { publicKey, privateKey } = keys ?? (await makeRecipientKeyPair());
  const claim = async () =>
    broker.claim(requestId, publicKey, { subjectToken: await tokenOf(subjectToken), signal });
  const { sealed } = await tryAgain(claim, { attempts: CLAIM_ATTEMPTS, pause, signal });
  return openCredentials(privateKey, sealed, requestId);
}
