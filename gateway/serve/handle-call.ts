import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import type { CallFacts } from '../../lambdas/shared/domain/audit/call-record.ts';
import type { Principal } from '../../lambdas/shared/domain/principal.ts';
import { deniedCode, guessProtocol, type Refusal, writeRefusal } from '../answer/write-refusal.ts';
import {
  assumeWithWebIdentity,
  isWebIdentity,
  type WebIdentityPorts,
} from '../come-in/assume-with-web-identity.ts';
import { findDelegation } from '../come-in/find-delegation.ts';
import { readPlaceholderKeys, type SessionClaims } from '../come-in/placeholder-keys.ts';
import { forward, type Incoming, UpstreamUnreachable } from '../forward/forward.ts';
import type { Upstreams } from '../forward/upstream.ts';
import type { CallToHold } from '../hold/held-call-of.ts';
import type { Approval } from '../hold/hold-call.ts';
import { nameNeeds } from '../identify/iam/name-needs.ts';
import { identify } from '../identify/identify.ts';
import type { NamedCall, Need, WireProtocol } from '../identify/named-call.ts';
import type { Models } from '../identify/read-models.ts';
import { maskAnswer } from '../mask/mask-answer.ts';
import type { MaskPlan, PlanMask } from '../mask/plan-mask.ts';
import type { Obtain } from '../obtain/obtain-session.ts';
import { makeCapture } from '../record/capture.ts';
import type { KeepExchange, RunningExchange } from '../record/keep-exchange.ts';
import { NotRecorded } from '../record/record-calls.ts';
import { AwsError } from '../wire/aws-error.ts';
import { decompress } from '../wire/decompress.ts';
import { type RawRequest, readRawRequest } from '../wire/raw-request.ts';
import { sha256 } from '../wire/signing-key.ts';
import { unfoldPresigned } from '../wire/unfold-presigned.ts';
import { type Verified, verifyRequest } from '../wire/verify-request.ts';
import { type HoldingPorts, holdForPeople } from './hold-for-people.ts';
import { type JudgePorts, judgeCall, recallCalls } from './judge-call.ts';
import { isUpload, MOST_BODY_BYTES, readBody } from './read-body.ts';
import {
  approvalUsed,
  CallRefused,
  notAllowed,
  refusalOfDecision,
  refusalOfOutcome,
  sessionEnded,
  unavailable,
} from './refusals.ts';
import type { RunningCalls } from './running-calls.ts';
import { answerIdentity } from './say-identity.ts';

export type CallPorts = JudgePorts &
  WebIdentityPorts &
  Pick<HoldingPorts, 'hold' | 'times'> & {
    readonly models: Models;
    /** The names that the gateway is called by, without a port; before them a bucket or a prefix may stand. */
    readonly ownHosts: readonly string[];
    readonly principals: { get(id: string): Promise<Principal | undefined> };
    readonly obtain: Obtain;
    readonly planMask: PlanMask;
    readonly upstreams: Upstreams;
    readonly running: RunningCalls;
    readonly log: (facts: Record<string, unknown>) => void;
    readonly keepExchange: KeepExchange;
  };

/** A call on its way, as far as it was read. */
type Progress = {
  readonly callId: string;
  readonly startedAt: number;
  readonly cameAt: Date;
  request?: RawRequest;
  signingName?: string;
  claims?: SessionClaims;
  call?: NamedCall;
  facts: Partial<CallFacts>;
  hasIntent: boolean;
  /** What it sends and is answered, once it is made. */
  exchange?: RunningExchange;
};

/** What stands before the gateway's own name in a host. */
function labelBefore(host: string | undefined, ownHosts: readonly string[]): string | undefined {
  const name = host?.replace(/:\d+$/, '').toLowerCase() ?? '';
  const own = ownHosts.find((each) => name === each || name.endsWith(`.${each}`));
  return own === undefined || own === name ? undefined : name.slice(0, -own.length - 1);
}

/** Sends an answer that the gateway makes itself. */
function send(response: ServerResponse, body: Buffer, requestId: string): void {
  response.writeHead(200, {
    'content-type': 'text/xml',
    'content-length': body.length,
    'x-amzn-requestid': requestId,
  });
  response.end(body);
}

const resourceText = ({ resource }: Need): string =>
  resource.kind === 'known' ? resource.arn : resource.kind;

function factsOf(call: NamedCall, needs: readonly Need[]): Partial<CallFacts> {
  return {
    service: call.service.id,
    operation: call.operation.name,
    parameters: Object.keys(call.parameters).sort().slice(0, 100),
    needs: needs
      .slice(0, 200)
      .map((need) => ({ action: need.action, resource: resourceText(need).slice(0, 1100) })),
  };
}

/** Answers one call of AWS's API: named, judged, recorded, and only then made. */
export function makeHandleCall(ports: CallPorts) {
  const { keys, models, iam, recorder, clock, running } = ports;

  function verify(request: RawRequest, body: Buffer | undefined): Verified<SessionClaims> {
    return verifyRequest(
      request,
      body,
      (accessKeyId, sessionToken) => {
        const found = readPlaceholderKeys(sessionToken, keys);
        if (found?.accessKeyId !== accessKeyId) return undefined;
        const { claims, secretAccessKey } = found;
        return { secretAccessKey, expiresAt: new Date(claims.endsAt), caller: claims };
      },
      clock(),
    );
  }

  function name(
    progress: Progress,
    request: RawRequest,
    body: Buffer | undefined,
    signingName: string,
  ): NamedCall {
    const label = labelBefore(request.headers.get('host'), ports.ownHosts);
    const isS3 = signingName === 's3';
    // SDKs compress large bodies of some services; S3's are objects, and compressed as their owner has them.
    const readable = isS3
      ? body
      : body && decompress(body, request.headers.get('content-encoding'), MOST_BODY_BYTES);
    if (body && !readable) throw notAllowed('a body that cannot be decompressed');
    const named = identify(
      { request, body: readable, signingName, bucketInHost: isS3 ? label : undefined },
      models,
    );
    if ('notNamed' in named) throw notAllowed(`not named: ${named.notNamed}`);
    progress.call = named;
    const { hostPrefix } = named.operation;
    // A host's prefix says which server answers: one that the operation does not have is not passed by.
    const isExpected =
      label === undefined ||
      isS3 ||
      (hostPrefix !== '' && !hostPrefix.includes('{') && `${label}.` === hostPrefix.replace(/-$/, '.'));
    const isJoined = label !== undefined && hostPrefix.endsWith('-');
    if (!isExpected && !isJoined) throw notAllowed('a host whose first label is not this operation’s');
    return named;
  }

  /** Whether somebody still waits for the answer. */
  const isGone = (response: ServerResponse): boolean =>
    response.destroyed || response.socket?.destroyed === true;

  async function pass(
    incoming: IncomingMessage,
    response: ServerResponse,
    progress: Progress,
  ): Promise<void> {
    const request = readRawRequest(incoming.method ?? '', incoming.url ?? '', incoming.rawHeaders);
    progress.request = request;
    const signingName = signingNameOf(request);
    if (signingName !== undefined) progress.signingName = signingName;
    const streams = isUpload(request, signingName ?? '');
    const body = streams ? undefined : await readBody(incoming, request);
    if (body && isWebIdentity(request, body)) {
      progress.signingName = 'sts';
      const answer = await assumeWithWebIdentity(body, progress.callId, ports);
      return send(response, answer, progress.callId);
    }
    const verified = verify(request, body);
    const { caller: claims, claim, scope } = verified;
    progress.claims = claims;
    progress.facts = {
      region: scope.region,
      ...(claims.subject && { subject: claims.subject }),
      ...(body && { bodySha256: sha256(body), bytesIn: body.length }),
    };
    const isPresigned = claim.expiresInSeconds !== undefined;
    const plain = isPresigned ? unfoldPresigned(request) : request;
    const call = name(progress, plain, body, scope.service);
    if (call.service.signing === 'sts' && call.operation.name === 'GetCallerIdentity') {
      return answerOwn(response, progress, answerIdentity(claims, progress.callId));
    }
    const place = { partition: ports.home.partition, region: scope.region, account: claims.accountId };
    const needs = nameNeeds(call, place, iam);
    progress.facts = { ...progress.facts, ...factsOf(call, needs ?? []) };
    if (!needs) throw notAllowed('no action of IAM’s is known for it');

    const [delegation, principal, recalled] = await Promise.all([
      findDelegation(claims.delegation, ports),
      ports.principals.get(claims.principalId),
      recallCalls({ claims, needs }, ports),
    ]);
    if (!delegation) throw sessionEnded();
    if (principal?.status !== 'active') throw notAllowed('the principal is not active');
    const decision = await judgeCall(
      { call, needs, claims, principal, region: scope.region, isPresigned },
      recalled,
      ports,
    );
    if (decision.outcome === 'forbid') throw refusalOfDecision(decision);
    progress.facts = { ...progress.facts, rules: [...decision.rules] };
    const planned = ports.planMask.forCaller(call, needs, principal.groups);
    if (planned.outcome === 'refuse') throw notAllowed(`masked: ${planned.because}`);
    const upstream = ports.upstreams(call.service, call.operation, call.parameters, scope.region);
    if (!upstream) throw notAllowed('no host of AWS’s is known for it');

    const obtainSession = async () => {
      const obtained = await ports.obtain(claims, needs, call, !isPresigned);
      if (obtained.outcome !== 'obtained') throw refusalOfOutcome(obtained);
      progress.facts = { ...progress.facts, requestId: obtained.session.requestId };
      return obtained.session;
    };
    const bucket =
      scope.service === 's3' ? labelBefore(request.headers.get('host'), ports.ownHosts) : undefined;
    // Nobody is troubled about a call that could not be made; while people think, a session may come to its end.
    let session = await obtainSession();
    let approval: Approval | undefined;
    if (decision.outcome === 'needs-approval') {
      const toHold = { call, needs, request: plain, body, verified, bucketInHost: bucket, claims, decision };
      approval = await holdCall(toHold, response, progress);
      session = await obtainSession();
    }
    if (isGone(response)) throw notAllowed('its client has gone');
    // INVARIANT: used up before anything is recorded or forwarded, so that of two calls one alone goes on.
    if (approval && !(await approval.use())) throw approvalUsed(approval.requestId);
    await recorder.write(claims.sessionId, 'intent', recordOf(progress));
    progress.hasIntent = true;

    const path = bucket === undefined ? request.path : `/${bucket}${request.path}`;
    const { accessKeyId, secretAccessKey, sessionToken } = session.credentials;
    const exchange: RunningExchange = {
      ...{ session: claims.sessionId, callId: progress.callId, call, region: scope.region },
      request: { ...plain, path },
      ...{ planned: ports.planMask.forArchive(call, needs), sent: makeCapture(), answered: makeCapture() },
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
          request: planned.outcome === 'mask' ? withHeader(plain, 'accept-encoding', 'identity') : plain,
          ...{ verified, body: body ?? incoming, path, upstream, signal: runs.signal },
          keys: { accessKeyId, secretAccessKey, sessionToken },
          ...(!body && { onBody: exchange.sent.add }),
        },
        clock(),
      );
      progress.facts = { ...progress.facts, httpStatus: answer.status, ...awsRequestIdOf(answer.headers) };
      exchange.head = answer;
      const { add } = exchange.answered;
      const bytesOut =
        planned.outcome === 'mask'
          ? await passMasked(answer, response, call, planned.plan, add)
          : await passOn(answer, response, runs.signal, add);
      progress.facts = { ...progress.facts, bytesOut };
    } catch (error) {
      const wasEnded = runs.signal.aborted && !isGone(response);
      runs.cut();
      throw wasEnded ? sessionEnded() : error;
    } finally {
      runs.done();
    }
    await writeOutcome(claims, progress);
  }

  /** Records what became of a call, with what it sent and was answered in the archive before. */
  async function writeOutcome({ sessionId }: SessionClaims, progress: Progress): Promise<void> {
    const kept = progress.exchange && (await ports.keepExchange(progress.exchange));
    if (kept) progress.facts = { ...progress.facts, exchangeSha256: kept };
    await recorder.writeLate(sessionId, 'outcome', recordOf(progress));
  }

  /** Holds a call that people decide about; who came in may have lost the right to it meanwhile. */
  async function holdCall(
    toHold: CallToHold,
    response: ServerResponse,
    progress: Progress,
  ): Promise<Approval> {
    const { claims } = toHold;
    const client = { response, cameAt: progress.cameAt, isGone: () => isGone(response) };
    const onAsked = async (requestId: string): Promise<void> => {
      progress.facts = { ...progress.facts, approval: requestId };
      await recorder.write(claims.sessionId, 'held', recordOf(progress));
    };
    const approval = await holdForPeople(toHold, client, onAsked, ports);
    progress.facts = { ...progress.facts, approval: approval.requestId };
    const [delegation, principal] = await Promise.all([
      findDelegation(claims.delegation, ports),
      ports.principals.get(claims.principalId),
    ]);
    if (!delegation) throw sessionEnded();
    if (principal?.status !== 'active') throw notAllowed('the principal is not active');
    return approval;
  }

  /** Passes an answer on as it comes; answers how many bytes of its body there were. */
  async function passOn(
    answer: Incoming,
    response: ServerResponse,
    signal: AbortSignal,
    onBody: (piece: Buffer) => void,
  ): Promise<number> {
    response.writeHead(answer.status, Object.fromEntries(answer.headers));
    let bytesOut = 0;
    answer.body.on('data', (piece: Buffer) => {
      bytesOut += piece.length;
      onBody(piece);
    });
    await pipeline(answer.body, response, { signal });
    return bytesOut;
  }

  async function passMasked(
    answer: Incoming,
    response: ServerResponse,
    call: NamedCall,
    plan: MaskPlan,
    onBody: (piece: Buffer) => void,
  ): Promise<number> {
    const masked = await maskAnswer(answer, call, plan, onBody);
    if (!masked) throw notAllowed('its answer should be masked, and cannot be read');
    response.writeHead(answer.status, Object.fromEntries(masked.headers));
    response.end(masked.body);
    return masked.body.length;
  }

  /** What the record says of a call so far. */
  function recordOf({ callId, claims, facts, startedAt }: Progress): CallFacts {
    if (!claims) throw new Error('nobody’s call is recorded');
    return { ...facts, callId, principalId: claims.principalId, milliseconds: performance.now() - startedAt };
  }

  async function answerOwn(response: ServerResponse, progress: Progress, body: Buffer): Promise<void> {
    const { claims, call, callId } = progress;
    if (!claims || !(await findDelegation(claims.delegation, ports))) throw sessionEnded();
    if (call) progress.facts = { ...progress.facts, ...factsOf(call, []), httpStatus: 200 };
    await recorder.write(claims.sessionId, 'outcome', recordOf(progress));
    send(response, body, callId);
  }

  /** What a failure is told as. */
  function refusalOf(error: unknown, protocol: WireProtocol): Refusal & { because: string } {
    if (error instanceof CallRefused) {
      const { status, code = deniedCode(protocol), message, because } = error;
      return { status, code, message, because };
    }
    if (error instanceof AwsError) {
      return { status: error.httpStatus, code: error.code, message: error.message, because: error.code };
    }
    const because =
      error instanceof NotRecorded
        ? 'it could not be recorded'
        : error instanceof UpstreamUnreachable
          ? 'the upstream does not answer'
          : 'a defect, or a table that does not answer';
    const { status, code = '', message } = unavailable(because);
    return { status, code, message, because };
  }

  async function refuse(error: unknown, response: ServerResponse, progress: Progress): Promise<void> {
    const { request, signingName, call, claims, callId, hasIntent } = progress;
    const protocol = call?.protocol ?? guessProtocol(request, signingName);
    const { because, ...refusal } = refusalOf(error, protocol);
    ports.log({ callId, refused: refusal.code, because, ...(claims && { session: claims.sessionId }) });
    if (
      !(error instanceof CallRefused || error instanceof AwsError || error instanceof UpstreamUnreachable)
    ) {
      ports.log({
        callId,
        defect: error instanceof Error ? `${error.name} ${error.stack?.split('\n')[1]}` : 'unknown',
      });
    }
    progress.facts = { ...progress.facts, because };
    if (claims && hasIntent) await writeOutcome(claims, progress);
    else if (claims) await recorder.writeLate(claims.sessionId, 'refused', recordOf(progress));
    if (response.headersSent || response.destroyed) {
      response.destroy();
      return;
    }
    const { status, headers, body } = writeRefusal(refusal, protocol, callId);
    // What is left of the body is not read: the connection ends with the answer.
    response.writeHead(status, { ...headers, connection: 'close' });
    response.end(request?.method === 'HEAD' ? undefined : body);
  }

  return async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const progress: Progress = {
      callId: randomUUID(),
      startedAt: performance.now(),
      cameAt: clock(),
      facts: {},
      hasIntent: false,
    };
    try {
      await pass(incoming, response, progress);
    } catch (error) {
      await refuse(error, response, progress);
    }
  };
}

const awsRequestIdOf = (headers: ReadonlyMap<string, string | string[]>): Partial<CallFacts> => {
  const id = headers.get('x-amzn-requestid') ?? headers.get('x-amz-request-id');
  return typeof id === 'string' ? { awsRequestId: id.slice(0, 200) } : {};
};

const withHeader = (request: RawRequest, name: string, value: string): RawRequest => ({
  ...request,
  headers: new Map([...request.headers, [name, value]]),
});

/** The service that a request says it is signed for: not verified yet. */
function signingNameOf({ headers, query }: RawRequest): string | undefined {
  const credential =
    /Credential=([^,\s]+)/.exec(headers.get('authorization') ?? '')?.[1] ??
    query.find(([key]) => key === 'X-Amz-Credential')?.[1];
  return credential?.split('/').at(-2);
}
