import { OPEN_STATUSES } from '../shared/domain/access-request.ts';
import type { AuditEntry, AuditRecord, ChainEnd } from '../shared/domain/audit/audit-record.ts';
import { outcomeOfStatus, STATUS_OF_OUTCOME } from '../shared/domain/close-statuses.ts';
import { RequestClosed } from '../shared/domain/errors.ts';
import type { RequestRow } from '../shared/domain/request-row.ts';
import type { RowTransition } from '../shared/domain/row-transition.ts';
import type { Outcome } from '../shared/domain/workflow-state.ts';

export type CloseRowPorts = {
  requests: {
    get(requestId: string): Promise<RequestRow | undefined>;
    transition(requestId: string, transition: RowTransition): Promise<boolean>;
  };
  audit: {
    /** Behind a place that is known, without a look at the chain, where one is given. */
    append(entry: AuditEntry, end?: ChainEnd): Promise<AuditRecord>;
  };
};

/** How a row is to be closed, and what the audit log is to keep of it. */
export type Closing = Pick<Outcome, 'outcome' | 'reason'> & {
  readonly requestId: string;
  readonly principalId: string;
  readonly facts: Record<string, unknown>;
  readonly set?: RowTransition['set'];
  /** The place of its last record, where it is known. The row is then taken to be open until writing it shows otherwise. */
  readonly after?: ChainEnd | undefined;
};

/** An issue closes only a claimed row that holds its sealed session. */
const whenIssued = { from: ['READY'], onlyIf: { present: ['claim', 'session'] } } as const;
const whenOther = { from: OPEN_STATUSES } as const;

/** What a row that somebody else closed first ended as. */
function outcomeOfRow(row: RequestRow | undefined, requestId: string): Outcome | undefined {
  const outcome = row && outcomeOfStatus(row.status);
  return outcome && { requestId, outcome, reason: row.closedBecause ?? outcome };
}

/**
 * Appends the audit record, and only then flips the row: so no credential is ever handed over before its
 * record is durable. A row that is closed already stays as it is, and its own outcome is answered; for an
 * issue that means RequestClosed, since its session must not be handed over.
 */
export async function closeRow(closing: Closing, { requests, audit }: CloseRowPorts): Promise<Outcome> {
  const { requestId, outcome, reason, after } = closing;
  const already = after ? undefined : outcomeOfRow(await requests.get(requestId), requestId);
  if (already) return settled(already, closing);
  const entry: AuditEntry = {
    chain: closing.principalId,
    requestId,
    event: outcome,
    facts: { outcome, reason, ...closing.facts },
  };
  await audit.append(entry, after);
  const flipped = await requests.transition(requestId, {
    ...(outcome === 'issued' ? whenIssued : whenOther),
    set: { ...closing.set, status: STATUS_OF_OUTCOME[outcome], closedBecause: reason },
    // Ciphertext of a session that will not be handed over is of no use to anybody.
    remove: [
      ...(closing.set?.open ? [] : ['open' as const]),
      ...(outcome === 'issued' ? [] : ['session' as const]),
    ],
  });
  if (flipped) return { requestId, outcome, reason };
  const row = await requests.get(requestId);
  const first = outcomeOfRow(row, requestId);
  if (first) return settled(first, closing);
  // A row that is not there keeps nothing open, and nobody waits for it: its record says what became of it.
  if (!row && outcome !== 'issued') return { requestId, outcome, reason };
  throw new RequestClosed(`the request row is ${row?.status ?? 'not there'}: it cannot be closed this way`);
}

function settled(first: Outcome, closing: Closing): Outcome {
  if (closing.outcome === 'issued' && first.outcome !== 'issued') {
    throw new RequestClosed(`the request was ${first.outcome} before it could be issued`);
  }
  return first;
}
