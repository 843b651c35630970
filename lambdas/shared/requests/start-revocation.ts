import type { RequestRow } from '../domain/request-row.ts';
import type { Denials } from '../domain/revocation/denials.ts';
import { type RevocationRefusal, revocationRefusal } from '../domain/revocation/may-revoke.ts';
import type { RevocationInput, RevokeOne } from '../domain/revocation/revocation.ts';

export type RevokingPorts = {
  /** What is denied on a role already. */
  readonly denials: { get(roleArn: string): Promise<Denials | undefined> };
  /** Starts the workflow that denies sessions; the row has a `revocation` once it is done. */
  readonly revocations: { start(input: RevocationInput): Promise<void> };
  readonly clock: () => Date;
};

/**
 * Starts to end the session of a request, unless something stands in the way: then it answers what, and nothing
 * is done. `everySession` goes on where only all sessions of the role can be ended. Whoever calls this has
 * checked who may.
 */
export async function startRevocation(
  { session, ...row }: RequestRow,
  { everySession = false, ...why }: Pick<RevokeOne, 'by' | 'because'> & { readonly everySession?: boolean },
  { denials, revocations, clock }: RevokingPorts,
): Promise<RevocationRefusal> {
  const denied = session && (await denials.get(session.roleArn));
  const refusal = revocationRefusal({ ...row, session }, denied, clock());
  if (refusal && !(refusal === 'would_end_every_session' && everySession)) return refusal;
  await revocations.start({ requestId: row.requestId, ...why, everySession });
  return undefined;
}
