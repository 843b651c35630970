import type { Passkey } from '../shared/domain/approvals/passkey.ts';
import type { PasskeyPlace } from '../shared/domain/approvals/passkey-place.ts';
import { judgeUse, type PasskeyUse } from '../shared/domain/approvals/passkey-use.ts';
import type { Discount } from '../shared/domain/approvals/vote-refusals.ts';
import { DependencyUnavailable } from '../shared/domain/errors.ts';
import type { Principal } from '../shared/domain/principal.ts';
import type { Vote } from '../shared/domain/vote.ts';
import { verifyAssertion } from '../shared/votes/verify-assertion.ts';

export type ProvingPorts = {
  /** Undefined where nobody votes with a passkey. */
  readonly passkeyPlace: () => PasskeyPlace | undefined;
  readonly passkeyUses: {
    last(passkey: Passkey): Promise<PasskeyUse | undefined>;
    /** False where another use was kept since `before` was read. */
    keep(passkey: Passkey, use: PasskeyUse, before: PasskeyUse | undefined): Promise<boolean>;
  };
};

/** What was found of a vote that a passkey is to prove. */
export type Proofs = ReadonlyMap<Vote, 'proved' | Discount>;

/** Times that a use is judged anew because another was kept meanwhile. */
const MOST_TRIES = 5;

/**
 * Verifies what each vote was stored with, by the voters' passkeys as they are now: whoever stored it is not believed. A
 * vote for a window was pressed on the request it was cast on.
 */
export async function proveVotes(
  requestId: string,
  votes: readonly Vote[],
  voters: ReadonlyMap<string, Principal | undefined>,
  ports: ProvingPorts,
): Promise<Proofs> {
  const proofs = new Map<Vote, 'proved' | Discount>();
  // One after the other, the oldest first, as counters are.
  for (const vote of votes.toSorted((left, right) => left.votedAt.localeCompare(right.votedAt))) {
    if (vote.assertion) proofs.set(vote, await prove(requestId, vote, voters, ports));
  }
  return proofs;
}

async function prove(
  requestId: string,
  vote: Vote,
  voters: ReadonlyMap<string, Principal | undefined>,
  ports: ProvingPorts,
): Promise<'proved' | Discount> {
  const { assertion, ballotDigest, votedAt, principalId } = vote;
  if (!assertion || ballotDigest === undefined) return 'passkey_refused';
  const pressed = { ...vote, requestId: vote.windowOf ?? requestId };
  const passkeys = voters.get(principalId)?.passkeys;
  const proof = await verifyAssertion(assertion, pressed, passkeys, ports.passkeyPlace());
  if (!proof.proved) return proof.because;
  return count(proof.passkey, { counter: proof.counter, votedAt, ballotDigest }, ports);
}

async function count(
  passkey: Passkey,
  use: PasskeyUse,
  { passkeyUses }: ProvingPorts,
): Promise<'proved' | Discount> {
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const last = await passkeyUses.last(passkey);
    const judged = judgeUse(use, last);
    if (judged === 'regressed') return 'passkey_counter';
    if (judged === 'counts') return 'proved';
    if (await passkeyUses.keep(passkey, use, last)) return 'proved';
  }
  throw new DependencyUnavailable('approvals table: the last use of a passkey keeps changing');
}
