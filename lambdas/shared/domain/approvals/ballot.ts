import { digestOf } from '../digest.ts';
import type { Vote } from '../vote.ts';

/** What somebody decided. Its reason is not in it: that may be given afterwards, and decides nothing. */
type Ballot = Pick<
  Vote,
  'decision' | 'person' | 'tier' | 'proposalDigest' | 'stepUp' | 'narrowing' | 'votedAt' | 'assertion'
>;

/**
 * Digest of a whole ballot: on which request, on what, by whom, when, and the decision itself. `proposalDigest` covers all
 * that the voter was shown: requester, subject, reason, grants and duration. It is made when the vote is cast and
 * compared when it is counted: a vote of which any part was changed, or that was copied to another request, counts
 * for nothing.
 */
export const ballotDigestOf = (
  requestId: string,
  { decision, person, tier, proposalDigest, stepUp, narrowing, votedAt, assertion }: Ballot,
): string =>
  digestOf({
    requestId,
    decision,
    person,
    tier,
    proposalDigest,
    stepUp,
    narrowing: narrowing ?? null,
    votedAt,
    // INVARIANT: a vote that a passkey proved does not become one with a code by losing what proves it.
    ...(assertion && { assertion }),
  });
