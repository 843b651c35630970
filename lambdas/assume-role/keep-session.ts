import { RequestClosed } from '../shared/domain/errors.ts';
import { sessionNameOf } from '../shared/domain/revocation/session-names.ts';
import type { SessionCredentials } from '../shared/domain/session.ts';
import type { Minted } from '../shared/domain/workflow-state.ts';
import { type Attempt, type AttemptPorts, isMarked } from './attempt.ts';
import type { MintedSession } from './mint-session.ts';

/** Encrypts to one claim's key. */
export type Sealer = {
  /** The key's RFC 7638 thumbprint. */
  readonly thumbprint: string;
  /** The session as a compact JWE, bound to its request. */
  seal(payload: SessionCredentials, requestId: string): Promise<string>;
};

/**
 * Leaves the session on the row, its credentials encrypted to the claim's key, and answers what may be known of it.
 * Throws RequestClosed where the request was closed meanwhile: then nobody can ever open them.
 */
export async function keepSession(
  { row: { requestId, principalId }, entitlement, attemptId }: Attempt,
  { credentials, assumedRoleArn, assumedRoleId, recorded }: MintedSession & Pick<Minted, 'recorded'>,
  sealer: Sealer,
  ports: Pick<AttemptPorts, 'requests'>,
): Promise<Minted> {
  const minted: Minted = {
    roleArn: entitlement.roleArn,
    assumedRoleArn,
    assumedRoleId,
    accessKeyId: credentials.accessKeyId,
    expiration: credentials.expiration,
    sessionName: sessionNameOf(requestId),
    sourceIdentity: principalId,
    ...(recorded && { recorded }),
  };
  const sealed = await sealer.seal({ ...credentials, assumedRoleArn }, requestId);
  const isStored = await ports.requests.transition(requestId, {
    from: ['READY'],
    onlyIf: { absent: ['session'], equals: { 'issuing.attemptId': attemptId } },
    set: { session: { ...minted, sealed } },
  });
  if (!isStored && !(await isMarked(requestId, attemptId, ports, minted.accessKeyId)))
    throw new RequestClosed('the request was closed while its session was minted');
  return minted;
}
