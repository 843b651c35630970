import type { AccessReviewsTable } from '../../shared/adapters/tables/access-reviews-table.ts';
import { isOpen } from '../../shared/domain/access-request.ts';
import { isPending, type ReviewItem } from '../../shared/domain/access-reviews/access-review.ts';
import {
  ACCESS_REVIEWS_CHAIN,
  type AuditEntry,
  type AuditRecord,
} from '../../shared/domain/audit/audit-record.ts';
import type { RequestRow } from '../../shared/domain/request-row.ts';

export type FollowingPorts = {
  readonly reviews: Pick<AccessReviewsTable, 'items' | 'writeItem' | 'access'>;
  readonly audit: { append(entry: AuditEntry): Promise<AuditRecord> };
  readonly requests: { get(requestId: string): Promise<RequestRow | undefined> };
  readonly clock: () => Date;
};

/** Milliseconds after which a removal that was said and never proposed is open again. */
const UNPROPOSED_MS = 15 * 60_000;
/** Characters of what a principal could come by, in a record; more of it stands by its digest alone. */
const MOST_RECORDED = 16_000;

const entryOf = (
  { reviewId: requestId, principalId, decisions }: ReviewItem,
  event: AuditEntry['event'],
  about: Record<string, unknown>,
): AuditEntry => ({
  chain: ACCESS_REVIEWS_CHAIN,
  requestId,
  event,
  occurrence: `${principalId}.${decisions}`,
  facts: { principal: principalId, ...about },
});

/** First the record, then the item: one whose record is not durable is found again. */
async function record(item: ReviewItem, { audit, reviews }: FollowingPorts): Promise<ReviewItem> {
  if (!item.decision || item.recorded >= item.decisions) return item;
  const found = await reviews.access(item);
  const isShort = found !== undefined && JSON.stringify(found).length <= MOST_RECORDED;
  await audit.append(
    entryOf(item, 'access_decided', {
      ...item.decision,
      persons: item.persons,
      resources: item.resources,
      sessions: item.sessions,
      ...(isShort && found),
    }),
  );
  const recorded = { ...item, recorded: item.decisions, version: item.version + 1 };
  return (await reviews.writeItem(recorded, item.version)) ? recorded : item;
}

const reopened = ({ requestId, ...item }: ReviewItem, status?: RequestRow['status']): ReviewItem => ({
  ...item,
  state: 'open',
  refused: { ...(requestId !== undefined && { requestId }), ...(status && { status }) },
  version: item.version + 1,
});

/** What became of the change that takes it away: done once it is applied, open again where it was not. */
async function follow(
  item: ReviewItem,
  { audit, reviews, requests, clock }: FollowingPorts,
): Promise<ReviewItem> {
  if (item.state !== 'removing' || item.recorded < item.decisions) return item;
  const { requestId, decision } = item;
  if (requestId === undefined) {
    const decidedAt = Date.parse(decision?.decidedAt ?? '');
    if (clock().getTime() - decidedAt < UNPROPOSED_MS) return item;
    await audit.append(entryOf(item, 'access_removal_refused', { because: 'not_proposed' }));
    const again = reopened(item);
    return (await reviews.writeItem(again, item.version)) ? again : item;
  }
  const row = await requests.get(requestId);
  if (row && isOpen(row.status)) return item;
  const isDone = row?.status === 'APPLIED';
  const change = { request: requestId, status: row?.status ?? null };
  await audit.append(entryOf(item, isDone ? 'access_removed' : 'access_removal_refused', change));
  const next: ReviewItem = isDone
    ? { ...item, state: 'removed', version: item.version + 1 }
    : reopened(item, row?.status);
  return (await reviews.writeItem(next, item.version)) ? next : item;
}

export type Left = {
  readonly items: number;
  /** Principals whose access is neither kept nor taken away. */
  readonly pending: readonly string[];
  readonly unrecorded: number;
};

/** Records each decision, follows each removal, and answers what is left to do. */
export async function followItems(reviewId: string, ports: FollowingPorts): Promise<Left> {
  const pending: string[] = [];
  let [items, unrecorded] = [0, 0];
  for await (const found of ports.reviews.items(reviewId)) {
    const item = await follow(await record(found, ports), ports);
    items += 1;
    if (isPending(item)) pending.push(item.principalId);
    if (item.recorded < item.decisions) unrecorded += 1;
  }
  return { items, pending, unrecorded };
}
