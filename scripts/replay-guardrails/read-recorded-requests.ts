import * as z from 'zod';
import { type AccessRequest, accessRequestSchema } from '../../lambdas/shared/domain/access-request.ts';
import { type AuditRecord, auditRecordSchema } from '../../lambdas/shared/domain/audit/audit-record.ts';
import { type OutsideFact, outsideFactSchema } from '../../lambdas/shared/domain/outside/outside-fact.ts';
import { type Review, reviewSchema } from '../../lambdas/shared/domain/review.ts';

/** A request for access as the audit log has it, with the last review of it, and what came of both then. */
export type RecordedRequest = {
  readonly request: AccessRequest;
  readonly review: Review;
  /** The outcome of the first verdict; undefined where none was recorded. */
  readonly outcome: string | undefined;
  /** What sources outside had said by then. */
  readonly outside?: readonly OutsideFact[] | undefined;
};

/** What a log of some weeks holds. `leftOut` counts requests by why they cannot be judged again. */
export type RecordedRequests = {
  readonly requests: readonly RecordedRequest[];
  readonly leftOut: Readonly<Record<LeftOut, number>>;
};
/** A change and a call are recorded by digests alone; what no review was recorded of never came to a verdict. */
export type LeftOut = 'changes' | 'calls' | 'without a review';

/** A line that is no audit record; says which. */
export class NotARecord extends Error {
  override readonly name = 'NotARecord';
}

const requestedSchema = z.object({ request: z.object({ createdAt: z.iso.datetime() }).loose() });
const reviewedSchema = z.object({ review: reviewSchema });
const validatedSchema = z.object({
  verdict: z.object({ outcome: z.string(), outside: z.array(outsideFactSchema).optional() }),
});

type Found = {
  request?: Record<string, unknown> & { createdAt: string };
  review?: Review;
  outcome?: string;
  outside?: OutsideFact[] | undefined;
};

function readRecord({ event, facts: told }: AuditRecord): Found {
  if (event === 'requested') return requestedSchema.parse(told);
  if (event === 'reviewed') return reviewedSchema.parse(told);
  if (event === 'validated') return validatedSchema.parse(told).verdict;
  return {};
}

/** What a line says of its request. */
function readLine(line: string, nth: number): { readonly requestId: string; readonly says: Found } {
  try {
    const record = auditRecordSchema.parse(JSON.parse(line));
    return { requestId: record.requestId, says: readRecord(record) };
  } catch {
    throw new NotARecord(
      `line ${nth} is no audit record; \`npm run audit -- export --format jsonl\` writes them`,
    );
  }
}

/** Gathers what belongs to each request. A request that is recorded twice is the same both times. */
function gather(lines: Iterable<string>): Map<string, Found> {
  const found = new Map<string, Found>();
  let nth = 0;
  for (const line of lines) {
    nth += 1;
    if (line.trim() === '') continue;
    const { requestId, says } = readLine(line, nth);
    const before = found.get(requestId) ?? {};
    // Of verdicts the first counts, of reviews the last.
    const { outcome, outside } = before;
    found.set(requestId, { ...before, ...says, ...(outcome && { outcome, outside }) });
  }
  return found;
}

/**
 * The requests for access of an exported audit log (`npm run audit -- export --format jsonl`) that were made from one time to
 * another, oldest first. Whether the log is genuine, `npm run audit:verify` tells. Throws NotARecord.
 */
export function readRecordedRequests(
  lines: Iterable<string>,
  { from, to }: { readonly from?: Date | undefined; readonly to?: Date | undefined } = {},
): RecordedRequests {
  const requests: RecordedRequest[] = [];
  const leftOut: Record<LeftOut, number> = { changes: 0, calls: 0, 'without a review': 0 };
  for (const { request, review, outcome, outside } of gather(lines).values()) {
    if (!request) continue;
    const madeAt = Date.parse(request.createdAt);
    if (madeAt < (from?.getTime() ?? 0) || madeAt >= (to?.getTime() ?? Number.POSITIVE_INFINITY)) continue;
    if (request.change) leftOut.changes += 1;
    else if (request.call) leftOut.calls += 1;
    else if (!review) leftOut['without a review'] += 1;
    else requests.push({ request: accessRequestSchema.parse(request), review, outcome, outside });
  }
  return {
    requests: requests.toSorted((first, second) =>
      first.request.createdAt < second.request.createdAt ? -1 : 1,
    ),
    leftOut,
  };
}
