import type { IncomingMessage, ServerResponse } from 'node:http';
import type { CallFacts } from '../../lambdas/shared/domain/audit/call-record.ts';
import type { SessionClaims } from '../come-in/placeholder-keys.ts';
import { forward } from '../forward/forward.ts';
import type { Upstream } from '../forward/upstream.ts';
import type { NamedCall } from '../identify/named-call.ts';
import type { Planned } from '../mask/plan-mask.ts';
import { makeCapture } from '../record/capture.ts';
import type { RunningExchange } from '../record/keep-exchange.ts';
import type { RawRequest } from '../wire/raw-request.ts';
import type { SigningKeys } from '../wire/sign-request.ts';
import type { Verified } from '../wire/verify-request.ts';
import { passMasked, passOn } from './pass-answer.ts';
import type { Progress } from './progress.ts';
import { sessionEnded } from './refusals.ts';
import type { RunningCalls } from './running-calls.ts';

/** A call that was decided, and recorded, ready to be made. */
export type DecidedCall = {
  readonly call: NamedCall;
  readonly request: RawRequest;
  readonly verified: Verified<SessionClaims>;
  /** All of the body; undefined where it streams. */
  readonly body: Buffer | undefined;
  readonly path: string;
  readonly upstream: Upstream;
  readonly keys: SigningKeys;
  /** What its caller is not shown, and what nobody is. */
  readonly planned: Planned;
  readonly plannedForArchive: Planned;
};

export type MakingPorts = { readonly running: RunningCalls; readonly clock: () => Date };

const awsRequestIdOf = (headers: ReadonlyMap<string, string | string[]>): Partial<CallFacts> => {
  const id = headers.get('x-amzn-requestid') ?? headers.get('x-amz-request-id');
  return typeof id === 'string' ? { awsRequestId: id.slice(0, 200) } : {};
};

const withHeader = (request: RawRequest, name: string, value: string): RawRequest => ({
  ...request,
  headers: new Map([...request.headers, [name, value]]),
});

/** Whether somebody still waits for the answer. */
export const isGone = (response: ServerResponse): boolean =>
  response.destroyed || response.socket?.destroyed === true;

/**
 * Makes a call and passes its answer on; what was sent and answered is in `progress` as far as it came. Throws
 * CallRefused where its session was ended meanwhile, or its answer cannot be masked.
 */
export async function makeCall(
  decided: DecidedCall,
  { incoming, response }: { readonly incoming: IncomingMessage; readonly response: ServerResponse },
  progress: Progress,
  { running, clock }: MakingPorts,
): Promise<void> {
  const { call, request, verified, body, path, upstream, keys, planned } = decided;
  const { caller: claims, scope } = verified;
  const exchange: RunningExchange = {
    ...{ session: claims.sessionId, callId: progress.callId, call, region: scope.region },
    ...{ request: { ...request, path }, planned: decided.plannedForArchive },
    ...{ sent: makeCapture(), answered: makeCapture() },
  };
  progress.exchange = exchange;
  if (body) exchange.sent.add(body);
  const runs = running.begin(claims);
  response.once('close', () => {
    if (!response.writableFinished) runs.cut();
  });
  try {
    const answer = await forward(
      {
        // An answer that is to be masked has to be read, and so must not be compressed.
        request: planned.outcome === 'mask' ? withHeader(request, 'accept-encoding', 'identity') : request,
        ...{ verified, body: body ?? incoming, path, upstream, signal: runs.signal, keys },
        ...(!body && { onBody: exchange.sent.add }),
      },
      clock(),
    );
    progress.facts = { ...progress.facts, httpStatus: answer.status, ...awsRequestIdOf(answer.headers) };
    exchange.head = answer;
    const { add } = exchange.answered;
    const bytesOut =
      planned.outcome === 'mask'
        ? await passMasked(answer, response, { call, plan: planned.plan }, add)
        : await passOn(answer, response, runs.signal, add);
    progress.facts = { ...progress.facts, bytesOut };
  } catch (error) {
    const wasEnded = runs.signal.aborted && !isGone(response);
    runs.cut();
    throw wasEnded ? sessionEnded() : error;
  } finally {
    runs.done();
  }
}
