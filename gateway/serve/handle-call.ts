import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Principal } from '../../lambdas/shared/domain/principal.ts';
import {
  assumeWithWebIdentity,
  isWebIdentity,
  type WebIdentityPorts,
} from '../come-in/assume-with-web-identity.ts';
import { findDelegation } from '../come-in/find-delegation.ts';
import { makeReadPlaceholderKeys, type SessionClaims } from '../come-in/placeholder-keys.ts';
import type { Upstreams } from '../forward/upstream.ts';
import type { CallToHold } from '../hold/held-call-of.ts';
import type { Approval } from '../hold/hold-call.ts';
import { nameNeeds } from '../identify/iam/name-needs.ts';
import type { PlanMask } from '../mask/plan-mask.ts';
import type { Obtain } from '../obtain/obtain-session.ts';
import { type RawRequest, readRawRequest } from '../wire/raw-request.ts';
import { sha256 } from '../wire/signing-key.ts';
import { unfoldPresigned } from '../wire/unfold-presigned.ts';
import { verifyRequest } from '../wire/verify-request.ts';
import { type HoldingPorts, holdForPeople } from './hold-for-people.ts';
import { type JudgePorts, judgeCall, recallCalls } from './judge-call.ts';
import { isGone, type MakingPorts, makeCall } from './make-call.ts';
import { labelBefore, type NamingPorts, nameCall, signingNameOf } from './name-call.ts';
import { factsOf, type Progress, recordOf, writeOutcome } from './progress.ts';
import { isUpload, readBody } from './read-body.ts';
import { approvalUsed, notAllowed, refusalOfDecision, refusalOfOutcome, sessionEnded } from './refusals.ts';
import { type RefusingPorts, refuseCall } from './refuse-call.ts';
import { answerIdentity } from './say-identity.ts';

export type CallPorts = JudgePorts &
  WebIdentityPorts &
  NamingPorts &
  RefusingPorts &
  MakingPorts &
  Pick<HoldingPorts, 'hold' | 'times'> & {
    readonly principals: { get(id: string): Promise<Principal | undefined> };
    readonly obtain: Obtain;
    readonly planMask: PlanMask;
    readonly upstreams: Upstreams;
  };

/** Sends an answer that the gateway makes itself. */
function send(response: ServerResponse, body: Buffer, requestId: string): void {
  response.writeHead(200, {
    'content-type': 'text/xml',
    'content-length': body.length,
    'x-amzn-requestid': requestId,
  });
  response.end(body);
}

/** Answers one call of AWS's API: named, judged, recorded, and only then made. */
export function makeHandleCall(ports: CallPorts) {
  const { keys, iam, recorder, clock } = ports;
  const readPlaceholderKeys = makeReadPlaceholderKeys(keys);

  const verify = (request: RawRequest, body: Buffer | undefined) =>
    verifyRequest(
      request,
      body,
      (accessKeyId, sessionToken) => {
        const found = readPlaceholderKeys(sessionToken);
        if (found?.accessKeyId !== accessKeyId) return undefined;
        const { claims, secretAccessKey } = found;
        return { secretAccessKey, expiresAt: new Date(claims.endsAt), caller: claims };
      },
      clock(),
    );

  /** Who came in, as it stands now. Throws CallRefused where it may call no more. */
  async function lookAtCaller(claims: SessionClaims): Promise<Principal> {
    const [delegation, principal] = await Promise.all([
      findDelegation(claims.delegation, ports),
      ports.principals.get(claims.principalId),
    ]);
    if (!delegation) throw sessionEnded();
    if (principal?.status !== 'active') throw notAllowed('the principal is not active');
    return principal;
  }

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
    const call = nameCall(plain, body, scope.service, ports);
    progress.call = call;
    if (call.service.signing === 'sts' && call.operation.name === 'GetCallerIdentity') {
      return answerOwn(response, progress, answerIdentity(claims, progress.callId));
    }
    const place = { partition: ports.home.partition, region: scope.region, account: claims.accountId };
    const needs = nameNeeds(call, place, iam);
    progress.facts = { ...progress.facts, ...factsOf(call, needs ?? []) };
    if (!needs) throw notAllowed('no action of IAM’s is known for it');

    const [principal, recalled] = await Promise.all([
      lookAtCaller(claims),
      recallCalls({ claims, needs }, ports),
    ]);
    const decision = await judgeCall(
      { call, needs, claims, principal, region: scope.region, isPresigned },
      recalled,
      ports,
    );
    if (decision.outcome === 'forbid') throw refusalOfDecision(decision);
    progress.facts = {
      ...progress.facts,
      rules: [...decision.rules],
      ...(decision.observed && { observed: decision.observed }),
    };
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
    const bucketInHost = scope.service === 's3' ? labelBefore(request, ports) : undefined;
    // Nobody is troubled about a call that could not be made; while people think, a session may come to its end.
    let session = await obtainSession();
    let approval: Approval | undefined;
    if (decision.outcome === 'needs-approval') {
      const toHold = { call, needs, request: plain, body, verified, bucketInHost, claims, decision };
      approval = await holdCall(toHold, response, progress);
      session = await obtainSession();
    }
    if (isGone(response)) throw notAllowed('its client has gone');
    // INVARIANT: used up before anything is recorded or forwarded, so that of two calls one alone goes on.
    if (approval && !(await approval.use())) throw approvalUsed(approval.requestId);
    await recorder.write(claims.sessionId, 'intent', recordOf(progress));
    progress.hasIntent = true;

    const { accessKeyId, secretAccessKey, sessionToken } = session.credentials;
    const decided = {
      ...{ call, request: plain, verified, body, upstream, planned },
      path: bucketInHost === undefined ? request.path : `/${bucketInHost}${request.path}`,
      keys: { accessKeyId, secretAccessKey, sessionToken },
      plannedForArchive: ports.planMask.forArchive(call, needs),
    };
    await makeCall(decided, { incoming, response }, progress, ports);
    await writeOutcome(claims, progress, ports);
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
    await lookAtCaller(claims);
    return approval;
  }

  async function answerOwn(response: ServerResponse, progress: Progress, body: Buffer): Promise<void> {
    const { claims, call, callId } = progress;
    if (!claims || !(await findDelegation(claims.delegation, ports))) throw sessionEnded();
    if (call) progress.facts = { ...progress.facts, ...factsOf(call, []), httpStatus: 200 };
    await recorder.write(claims.sessionId, 'outcome', recordOf(progress));
    send(response, body, callId);
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
      await refuseCall(error, response, progress, ports);
    }
  };
}
