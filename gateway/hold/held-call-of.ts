import {
  type HeldCall,
  heldCallSchema,
  MOST_NEEDS,
  MOST_PARAMETERS,
} from '../../lambdas/shared/domain/calls/held-call.ts';
import { canonicalJson } from '../../lambdas/shared/domain/digest.ts';
import type { CallDecision } from '../authorize/decide-call.ts';
import type { SessionClaims } from '../come-in/placeholder-keys.ts';
import type { NamedCall, Need } from '../identify/named-call.ts';
import type { GatewayKeys } from '../keys/derive-keys.ts';
import type { RawRequest } from '../wire/raw-request.ts';
import { sha256 } from '../wire/signing-key.ts';
import type { Verified } from '../wire/verify-request.ts';
import { hideSecrets } from './hide-secrets.ts';
import { isToldByParameters, parametersWithoutTokens, sentText } from './sent-text.ts';

/** A call that people are to be asked about, as far as it is known. */
export type CallToHold = {
  readonly call: NamedCall;
  readonly needs: readonly Need[];
  readonly request: RawRequest;
  readonly body: Buffer | undefined;
  readonly verified: Pick<Verified<unknown>, 'payload' | 'scope'>;
  readonly bucketInHost: string | undefined;
  readonly claims: SessionClaims;
  readonly decision: Extract<CallDecision, { readonly outcome: 'needs-approval' }>;
};

/** People approve what they are shown, and what is shown has to be all that is sent: why this is not. */
export type NotHeld = { readonly notHeld: string };

const onOf = ({ resource }: Need): string => (resource.kind === 'known' ? resource.arn : resource.kind);

/** A copy of whatever stands there when it is made is none that anybody has seen. */
function lacksVersion({ parameters }: NamedCall): boolean {
  const { CopySource } = parameters;
  return typeof CopySource === 'string' && !/[?&]versionId=[^&]/.test(CopySource);
}

function problemOf({ call, needs, body, verified }: CallToHold): string | undefined {
  if (!body || verified.payload.kind !== 'hashed') return 'sign its body with its digest';
  if (lacksVersion(call)) return 'name the version of the copy’s source';
  if (needs.length > MOST_NEEDS) return `name at most ${MOST_NEEDS} resources at once`;
  return undefined;
}

/** The call as it is shown to people, and as their answer is bound to it; or what its caller has to change. */
export function heldCallOf(held: CallToHold, keys: Pick<GatewayKeys, 'callMac'>): HeldCall | NotHeld {
  const { call, needs, request, body = Buffer.alloc(0), verified, claims, decision } = held;
  const problem = problemOf(held);
  if (problem !== undefined) return { notHeld: problem };
  try {
    const parameters = canonicalJson(hideSecrets(call.operation.name, parametersWithoutTokens(call)));
    if (parameters.length > MOST_PARAMETERS) {
      return { notHeld: `send at most ${MOST_PARAMETERS} characters of parameters: people read all of them` };
    }
    return heldCallSchema.parse({
      sessionId: claims.sessionId,
      accountId: claims.accountId,
      region: verified.scope.region,
      service: call.service.id,
      operation: call.operation.name,
      needs: needs.map((need) => ({ action: need.action, on: onOf(need) })),
      parameters,
      ...(!isToldByParameters(call, body) && { body: { bytes: body.length, sha256: sha256(body) } }),
      digest: keys.callMac(sentText(call, request, body, held.bucketInHost)),
      quorum: { approvals: decision.approvals, stepUp: decision.stepUpApprovals },
      rules: [...decision.rules],
    });
  } catch {
    return { notHeld: 'send text that is well-formed Unicode, and names that AWS has' };
  }
}
