import type { Reason } from '../../shared/domain/reason.ts';
import type { Case } from '../decision-case.ts';

/** Who asks must be active, when the request was loaded and when the votes were tallied. */
export function principalNotActive({ loaded, evidence }: Case): Reason[] {
  if (loaded.principal.status === 'active' && evidence?.requesterActive !== false) return [];
  return [{ code: 'principal_not_active' }];
}
