import type { UsageTable } from '../../../lambdas/shared/adapters/tables/usage-table.ts';
import { noUsage, type Usage } from '../../../lambdas/shared/domain/limits/usage.ts';

/** The usage table in memory, with the same condition as the real one. */
export function makeFakeUsage(): UsageTable {
  const kept = new Map<string, Usage>();
  const get = async (principalId: string) => kept.get(principalId) ?? noUsage(principalId);
  return {
    get,
    async write(usage) {
      const { version } = kept.get(usage.principalId) ?? noUsage(usage.principalId);
      if (version !== usage.version) return false;
      kept.set(usage.principalId, { ...usage, version: version + 1 });
      return true;
    },
  };
}
