import * as z from 'zod';
import { isOpen, principalOfRequestId, requestIdSchema } from '../../shared/domain/access-request.ts';
import { whenRequested } from '../../shared/domain/audit/audit-entries.ts';
import { type EndReason, endByError } from '../../shared/domain/end-reasons.ts';
import { accessRequestOf, type RequestRow } from '../../shared/domain/request-row.ts';
import { type CloseRowPorts, closeRow } from '../../write-log/close-row.ts';

/**
 * The Step Functions status event, as EventBridge sends it.
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html
 */
const statusEventSchema = z.object({
  'detail-type': z.literal('Step Functions Execution Status Change'),
  detail: z.object({
    name: requestIdSchema,
    executionArn: z.string(),
    status: z.enum(['FAILED', 'ABORTED', 'TIMED_OUT']),
    error: z.string().nullish(),
  }),
});
const sweepEventSchema = z.object({ 'detail-type': z.literal('Scheduled Event') });
const closeEventSchema = z.union([statusEventSchema, sweepEventSchema]);

/** Why a request ends whose execution ended so, and told of no error. */
const REASONS = {
  FAILED: 'execution_failed',
  ABORTED: 'execution_aborted',
  TIMED_OUT: 'execution_timed_out',
} as const satisfies Record<z.infer<typeof statusEventSchema>['detail']['status'], EndReason>;

/** What the sweep learns of an execution; `lost` where there is none of that name. */
type ExecutionState = 'running' | 'ended' | 'lost';

type Ports = CloseRowPorts & {
  /** Emergencies that others are to look at afterwards. */
  callForReviews(): Promise<void>;
  requests: {
    /** Rows that are still open and older than `before`, oldest first. */
    listOpen(before: Date): Promise<RequestRow[]>;
  };
  executions: { stateOf(requestId: string): Promise<ExecutionState> };
  clock: () => Date;
};

/** A row younger than this may not have its execution yet. */
const GRACE_MS = 5 * 60 * 1000;

/**
 * Closes the rows of requests whose execution ended without closing them. Called for each abnormal end, and
 * on a schedule for those whose event got lost: status events are best effort.
 */
export function makeCloseRequest(ports: Ports) {
  return async (event: unknown): Promise<{ closed: number }> => {
    const parsed = closeEventSchema.parse(event);
    if (!('detail' in parsed)) return sweep(ports);
    const { name, status, error } = parsed.detail;
    const reason = error ? endByError(error).reason : REASONS[status];
    await close(name, reason, ports, error ? { error } : {});
    return { closed: 1 };
  };
}

async function sweep(ports: Ports): Promise<{ closed: number }> {
  const rows = await ports.requests.listOpen(new Date(ports.clock().getTime() - GRACE_MS));
  let closed = 0;
  const failures: unknown[] = [];
  for (const { requestId } of rows) {
    try {
      const execution = await ports.executions.stateOf(requestId);
      if (execution === 'running') continue;
      await close(requestId, execution === 'lost' ? 'execution_lost' : 'execution_ended', ports);
      closed += 1;
    } catch (error) {
      // One that cannot be closed must not keep those after it open; the alarm hears of it all the same.
      failures.push(error);
    }
  }
  await ports.callForReviews().catch((error: unknown) => failures.push(error));
  if (failures.length > 0) throw failures[0];
  return { closed };
}

/** A cancelled row was closed by the front door before the execution was stopped: it lacks only its record. */
async function close(
  requestId: string,
  reason: EndReason,
  ports: Ports,
  facts: Record<string, unknown> = {},
): Promise<void> {
  const row = await ports.requests.get(requestId);
  // The execution may have ended before it recorded anything.
  const isUnrecorded = row && (isOpen(row.status) || row.status === 'CANCELLED');
  for (const entry of isUnrecorded ? whenRequested(accessRequestOf(row)) : [])
    await ports.audit.append(entry);
  if (row?.status === 'CANCELLED') return recordCancellation(row, ports);
  await closeRow(
    {
      requestId,
      principalId: row?.principalId ?? principalOfRequestId(requestId),
      outcome: 'failed',
      reason,
      facts,
    },
    ports,
  );
}

async function recordCancellation(row: RequestRow, { audit, requests }: Ports): Promise<void> {
  await audit.append({
    chain: row.principalId,
    requestId: row.requestId,
    event: 'cancelled',
    facts: { outcome: 'cancelled', reason: row.closedBecause ?? 'cancelled' },
  });
  await requests.transition(row.requestId, { from: ['CANCELLED'], remove: ['open'] });
}
