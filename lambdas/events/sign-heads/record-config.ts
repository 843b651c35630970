import type { AuditEntry, AuditRecord } from '../../shared/domain/audit/audit-record.ts';
import { CONFIG_CHAIN } from '../../shared/domain/audit/audit-record.ts';
import { digestOf } from '../../shared/domain/digest.ts';

type Ports = {
  /** Of the catalog, guardrails and tiers that ship with this deployment. */
  readonly digests: () => Readonly<Record<'catalog' | 'guardrails' | 'approvals', string>>;
  readonly audit: {
    newest(chain: string): Promise<AuditRecord | undefined>;
    append(entry: AuditEntry): Promise<AuditRecord>;
  };
};

/** Records a deployment's configuration once it is another than the one recorded last. */
export function makeRecordConfig({ digests, audit }: Ports) {
  return async (): Promise<void> => {
    const now = digests();
    const last = await audit.newest(CONFIG_CHAIN);
    if (last && digestOf(last.facts.digests) === digestOf(now)) return;
    await audit.append({
      chain: CONFIG_CHAIN,
      requestId: CONFIG_CHAIN,
      event: 'config_changed',
      // The same configuration may come back later: as a record of its own.
      occurrence: `after ${last?.seq ?? 0}`,
      facts: { digests: now, ...(last && { before: last.facts.digests }) },
    });
  };
}
