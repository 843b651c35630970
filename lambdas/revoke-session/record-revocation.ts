import type { AuditEntry, AuditRecord } from '../shared/domain/audit/audit-record.ts';
import type { Revocation } from '../shared/domain/revocation/revocation.ts';
import type { RowTransition } from '../shared/domain/row-transition.ts';
import type { IssuedRow } from './deny-sessions.ts';

export type RecordPorts = {
  requests: { transition(requestId: string, transition: RowTransition): Promise<boolean> };
  audit: { append(entry: AuditEntry): Promise<AuditRecord> };
};

/** Records that a session is denied now, and marks its row. Run twice, it records and marks once. */
export async function recordRevocation(
  row: IssuedRow,
  why: Omit<Revocation, 'revokedAt'>,
  { requests, audit }: RecordPorts,
): Promise<void> {
  const { requestId, principalId, session } = row;
  const { assumedRoleId, assumedRoleArn, expiration } = session;
  const { at: revokedAt } = await audit.append({
    chain: principalId,
    requestId,
    event: 'revoked',
    facts: { ...why, assumedRoleId, assumedRoleArn, expiration },
  });
  await requests.transition(requestId, {
    from: ['ISSUED'],
    onlyIf: { absent: ['revocation'] },
    set: { revocation: { ...why, revokedAt } },
    remove: ['live'],
  });
}
