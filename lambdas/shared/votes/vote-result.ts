import type { VoterRefusal } from '../domain/approvals/vote-refusals.ts';
import type { RequestRow } from '../domain/request-row.ts';
import type { Vote } from '../domain/vote.ts';

/** What became of somebody's vote, wherever they gave it. */
export type VoteResult =
  | {
      readonly kind: 'recorded';
      readonly requestId: string;
      readonly decision: Vote['decision'];
      readonly given: number;
      readonly needed: number;
    }
  | { readonly kind: 'voted_before'; readonly vote: Vote | undefined }
  | { readonly kind: 'moved_on'; readonly to: string }
  | { readonly kind: 'proposal_changed' }
  | { readonly kind: 'closed'; readonly row: Pick<RequestRow, 'status' | 'updatedAt'> }
  | { readonly kind: 'unknown_request' }
  | { readonly kind: 'unknown_voter' }
  | { readonly kind: 'refused'; readonly because: VoterRefusal };
