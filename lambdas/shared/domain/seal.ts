import type { AccessRequest, Change } from './access-request.ts';
import type { HeldCall } from './calls/held-call.ts';
import { canonicalJson, digestOf } from './digest.ts';
import type { Entitlement } from './verdict.ts';

/** The leading word keeps the seal of a grant from passing for that of a change. */
function bytesOf(kind: 'grant' | 'change' | 'call', fields: Record<string, unknown>): Uint8Array {
  return new TextEncoder().encode(`postern:${kind}:1:${canonicalJson(fields)}`);
}

/**
 * The bytes a grant's seal covers. Altering the session policy, the role, the duration or the expiry, presenting the
 * grant for another request, or taking it as claimed ahead, breaks the MAC over them.
 */
export function grantBytes(
  request: Pick<AccessRequest, 'requestId' | 'principalId'>,
  entitlement: Entitlement,
  policyDigest: string,
  expiresAt: string,
  claimAhead?: string,
): Uint8Array {
  return bytesOf('grant', {
    requestId: request.requestId,
    principalId: request.principalId,
    roleArn: entitlement.roleArn,
    // Its digest: KMS takes 4,096 bytes, and a policy's text can escape to more.
    sessionPolicyDigest: digestOf(entitlement.sessionPolicy),
    durationSeconds: entitlement.durationSeconds,
    policyDigest,
    expiresAt,
    ...(claimAhead !== undefined && { claimAhead }),
  });
}

/** The bytes a change's seal covers: the exact text, its target, and the version it was written against. */
export function changeBytes(
  request: Pick<AccessRequest, 'requestId' | 'principalId'>,
  change: Change,
  policyDigest: string,
  expiresAt: string,
): Uint8Array {
  return bytesOf('change', {
    requestId: request.requestId,
    principalId: request.principalId,
    changeDigest: digestOf(change),
    policyDigest,
    expiresAt,
  });
}

/**
 * The bytes a call's seal covers: for whom it is, and all of the call. The gateway makes them again of what it is about
 * to forward.
 */
export function callBytes(
  { requestId, principalId, subject }: Pick<AccessRequest, 'requestId' | 'principalId' | 'subject'>,
  call: HeldCall,
  expiresAt: string,
): Uint8Array {
  return bytesOf('call', {
    requestId,
    principalId,
    subjectDigest: digestOf(subject ?? null),
    callDigest: digestOf(call),
    expiresAt,
  });
}
