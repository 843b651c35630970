import type { AuditLog } from '../shared/adapters/audit-table.ts';
import { afterLostRace, MOST_RACES } from '../shared/adapters/lost-race.ts';
import type { UsageTable } from '../shared/adapters/usage-table.ts';
import { countDenial, countsAgainst } from '../shared/domain/count-denial.ts';
import { DependencyUnavailable } from '../shared/domain/errors.ts';
import type { SuspensionTerms } from '../shared/domain/limits-config.ts';
import type { Usage } from '../shared/domain/usage.ts';
import type { Outcome } from '../shared/domain/workflow-state.ts';

export type CountPorts = {
  readonly usage: UsageTable;
  readonly suspension: () => SuspensionTerms;
  readonly audit: Pick<AuditLog, 'append'>;
  readonly clock: () => Date;
};

/**
 * Counts a denial against whoever asked, and records the suspension that it may lead to. Run again for the same
 * request, it counts and records nothing more.
 */
export async function countAgainstRequester(
  { requestId, reason }: Outcome,
  principalId: string,
  ports: CountPorts,
): Promise<void> {
  if (!countsAgainst(reason)) return;
  const { suspension } = await counted(requestId, principalId, ports);
  if (suspension?.requestIds.at(-1) !== requestId) return;
  await ports.audit.append({ chain: principalId, requestId, event: 'suspended', facts: { ...suspension } });
}

async function counted(requestId: string, principalId: string, ports: CountPorts): Promise<Usage> {
  for (let race = 0; race < MOST_RACES; race++) {
    const before = await ports.usage.get(principalId);
    const after = countDenial(before, requestId, ports.suspension(), ports.clock());
    if (after === before || (await ports.usage.write(after))) return after;
    await afterLostRace(race);
  }
  throw new DependencyUnavailable('usage table: too many denials of one principal at once');
}
