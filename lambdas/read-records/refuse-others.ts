import { isAuditor } from '../shared/domain/identity/is-auditor.ts';
import type { Principal } from '../shared/domain/principal.ts';
import { Problem } from '../shared/http/problems.ts';

/**
 * Lets auditors read every chain, and people their own. Agents act for customers, whose names their records hold.
 * Throws the problem `auditor_required`.
 */
export function refuseOthers(caller: Principal, chain: string | undefined): void {
  if (isAuditor(caller)) return;
  if (caller.type !== 'human' || caller.status !== 'active')
    throw new Problem('auditor_required', 'Only auditors, and people of themselves, read the audit log.');
  if (chain !== caller.id)
    throw new Problem('auditor_required', 'Only auditors read what is recorded of others.');
}
