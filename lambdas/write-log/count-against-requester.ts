import { afterLostRace, MOST_RACES } from '../shared/adapters/runtime/lost-race.ts';
import type { AccessRequest } from '../shared/domain/access-request.ts';
import type { AuditEntry, AuditRecord } from '../shared/domain/audit/audit-record.ts';
import { countsAgainst } from '../shared/domain/end-reasons.ts';
import { DependencyUnavailable } from '../shared/domain/errors.ts';
import { countDenial, type DeniedRequest } from '../shared/domain/limits/count-denial.ts';
import type { SuspensionTerms } from '../shared/domain/limits/limits-config.ts';
import { subjectKeyOf, type Usage } from '../shared/domain/limits/usage.ts';
import type { Outcome } from '../shared/domain/workflow-state.ts';

export type CountPorts = {
  readonly usage: {
    get(principalId: string): Promise<Usage>;
    /** False where somebody else wrote since it was read. */
    write(usage: Usage): Promise<boolean>;
  };
  readonly suspension: () => SuspensionTerms;
  readonly audit: { append(entry: AuditEntry): Promise<AuditRecord> };
  readonly clock: () => Date;
};

/**
 * Counts a denial against whoever asked, and records the suspension that it may lead to. Run again for the same
 * request, it counts and records nothing more.
 */
export async function countAgainstRequester(
  { requestId, reason }: Pick<Outcome, 'requestId' | 'reason'>,
  { principalId, subject }: Pick<AccessRequest, 'principalId' | 'subject'>,
  ports: CountPorts,
): Promise<void> {
  if (!countsAgainst(reason)) return;
  const denied = { requestId, ...(subject && { subject: subjectKeyOf(subject) }) };
  const { suspension, subjectSuspensions = [] } = await counted(denied, principalId, ports);
  const begun = [suspension, ...subjectSuspensions].find(
    (suspended) => suspended?.requestIds.at(-1) === requestId,
  );
  if (!begun) return;
  const facts = begun === suspension ? { ...begun } : { ...begun, subject };
  await ports.audit.append({ chain: principalId, requestId, event: 'suspended', facts });
}

async function counted(denied: DeniedRequest, principalId: string, ports: CountPorts): Promise<Usage> {
  for (let race = 0; race < MOST_RACES; race++) {
    const before = await ports.usage.get(principalId);
    const after = countDenial(before, denied, ports.suspension(), ports.clock());
    if (after === before || (await ports.usage.write(after))) return after;
    await afterLostRace(race);
  }
  throw new DependencyUnavailable('usage table: too many denials of one principal at once');
}
