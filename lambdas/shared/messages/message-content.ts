import type { RequestStatus } from '../domain/access-request.ts';
import type { ApprovalsConfig } from '../domain/approvals/approvals-config.ts';
import type { CatalogResource } from '../domain/catalog/catalog.ts';
import type { AskedOfPeople, RequestRow } from '../domain/request-row.ts';
import type { ApprovalAsk } from '../domain/verdict.ts';
import type { Vote } from '../domain/vote.ts';

/** What messages say of an entry. */
export type EntryWording = Pick<CatalogResource, 'purpose' | 'actions' | 'subjectScoped' | 'account'>;

/** The configuration that messages are worded with. */
export type Wording = {
  readonly catalog: ReadonlyMap<string, EntryWording>;
  readonly tiers: ApprovalsConfig['tiers'];
  /** What a requester types to claim; the request's id comes behind it. */
  readonly claimCommand: string;
};

/** A row that people were asked about: it holds what they are shown. */
export type AskedRow = RequestRow & { readonly asked: AskedOfPeople; readonly approval: ApprovalAsk };

export const isAsked = (row: RequestRow | undefined): row is AskedRow =>
  row?.asked !== undefined && row.approval !== undefined;

/** Everything that a message is drawn from. The same content draws the same message. */
export type MessageContent = {
  readonly row: AskedRow;
  /** The tier whose message it is. */
  readonly tier: string;
  readonly votes: readonly Vote[];
  /** Ids of further requests for the very same, with the same reason, that wait too. */
  readonly alike: readonly string[];
  readonly wording: Wording;
  /** Where the execution is shown. */
  readonly executionUrl: string | undefined;
};

/** How far the request is, as the message of one tier sees it. */
export type Phase =
  | 'waiting'
  | 'moved_on'
  | 'approved'
  | 'revoked'
  | 'denied'
  | 'cancelled'
  | 'expired'
  | 'failed';

const PHASES: Record<RequestStatus, Phase> = {
  PENDING: 'waiting',
  AWAITING_APPROVAL: 'waiting',
  READY: 'approved',
  ISSUED: 'approved',
  APPLIED: 'approved',
  ALLOWED: 'approved',
  DENIED: 'denied',
  CANCELLED: 'cancelled',
  EXPIRED: 'expired',
  FAILED: 'failed',
};

export function phaseOf({ row, tier }: Pick<MessageContent, 'row' | 'tier'>): Phase {
  if (row.revocation) return 'revoked';
  const phase = PHASES[row.status];
  return phase === 'waiting' && row.approval.tier !== tier ? 'moved_on' : phase;
}

/** `#channel` of a tier; the tier's name where the configuration no longer has it. */
export function channelOf(tierName: string, { tiers }: Pick<Wording, 'tiers'>): string {
  return tiers.find(({ name }) => name === tierName)?.channel ?? tierName;
}
