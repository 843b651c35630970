import type { Tier } from '../../shared/domain/approvals/approvals-config.ts';
import type { AuditEntry, AuditRecord } from '../../shared/domain/audit/audit-record.ts';
import { reviewLevelOf } from '../../shared/domain/break-glass/review-level.ts';
import { DependencyUnavailable } from '../../shared/domain/errors.ts';
import type { RequestRow } from '../../shared/domain/request-row.ts';
import type { RowTransition } from '../../shared/domain/row-transition.ts';

export type ReviewingPorts = {
  readonly requests: {
    listUnreviewed(): Promise<RequestRow[]>;
    transition(requestId: string, transition: RowTransition): Promise<boolean>;
  };
  readonly audit: { append(entry: AuditEntry): Promise<AuditRecord> };
  readonly tiers: () => readonly Pick<Tier, 'name' | 'notifyTopicArn'>[];
  readonly page: (topicArn: string, message: { subject: string; text: string }) => Promise<void>;
  /** Raises the alarm; louder is more. */
  readonly alarm: (level: number) => void;
  readonly warn: (fields: Record<string, unknown>) => void;
  readonly clock: () => Date;
};

/**
 * Records the reviews of break-glass sessions, and calls for those that are due: the alarm at each level as often as its
 * number, the topic of the first tier at first, and from the second level on of all.
 */
export async function callForReviews(ports: ReviewingPorts): Promise<void> {
  for (const row of await ports.requests.listUnreviewed())
    await (row.postReview ? recordReview(row, row.postReview, ports) : callFor(row, ports));
}

/** First the record, then the row: one whose record is not durable is listed again. */
async function recordReview(
  { requestId, principalId: chain }: RequestRow,
  { by: reviewedBy, reviewedAt, remarks }: NonNullable<RequestRow['postReview']>,
  { audit, requests }: ReviewingPorts,
): Promise<void> {
  const review = { by: reviewedBy, reviewedAt, remarks };
  await audit.append({ chain, requestId, event: 'session_reviewed', facts: review });
  await requests.transition(requestId, { from: ['ISSUED'], remove: ['open'] });
}

async function callFor(row: RequestRow, ports: ReviewingPorts): Promise<void> {
  const { requestId, principalId: chain, job, reviewLevel = 0, issuing, createdAt } = row;
  const level = reviewLevelOf(issuing?.at ?? createdAt, ports.clock());
  if (level <= reviewLevel) return;
  await ports.audit.append({
    chain,
    requestId,
    event: 'review_overdue',
    occurrence: String(level),
    facts: { level, job },
  });
  ports.alarm(level);
  const topics = ports.tiers().flatMap(({ notifyTopicArn }) => notifyTopicArn ?? []);
  const message = {
    subject: `Postern: ${'REVIEW '.repeat(Math.min(level, 5))}${requestId}`,
    text: `The break-glass session ${requestId} (${job}) was issued at ${issuing?.at ?? createdAt}, and nobody has reviewed it. Call ${level}. Who neither asked for it nor approved it: postern break-glass review ${requestId}`,
  };
  for (const topic of level === 1 ? topics.slice(0, 1) : topics) {
    try {
      await ports.page(topic, message);
    } catch (error) {
      if (!(error instanceof DependencyUnavailable)) throw error;
      ports.warn({ requestId, because: error.message });
    }
  }
  await ports.requests.transition(requestId, { from: ['ISSUED'], set: { reviewLevel: level } });
}
