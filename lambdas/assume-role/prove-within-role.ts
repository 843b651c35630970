import type { Reference } from '../../policy/prove/prove.ts';
import { SessionNotProved, SessionTooWide } from '../shared/domain/errors.ts';
import type { Proof } from '../shared/domain/proof/proof.ts';
import { proveWithin } from '../shared/domain/proof/prove-within.ts';
import type { Entitlement } from '../shared/domain/verdict.ts';

/** What the brokered roles may do, as they were planned when the broker was deployed. */
export type BrokeredRoles = {
  /** Of all planned roles. */
  readonly digest: string;
  /** What a role may do; undefined for one that was not planned. */
  referenceOf(roleArn: string): Reference | undefined;
};

/**
 * Proves that a session opens nothing that its role may not do, before STS is asked. Throws SessionTooWide, with the
 * request that shows it, and SessionNotProved.
 */
export function proveWithinRole(
  { roleArn, sessionPolicy }: Entitlement,
  roles: BrokeredRoles,
  now: () => number,
): Proof {
  const reference = roles.referenceOf(roleArn);
  if (!reference) throw new SessionNotProved('the role is not one that was planned');
  const proof = proveWithin(sessionPolicy, reference, { referenceDigest: roles.digest, now });
  if (proof.verdict === 'within') return proof;
  const { action, resource } = proof.counterexample ?? {};
  throw new SessionTooWide(`the session would allow ${action} on ${resource}, and its role does not`);
}
