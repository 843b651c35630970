import type { Reason } from '../../shared/domain/reason.ts';
import type { Judgement } from '../decision-case.ts';

/** A risk the reviewer calls high asks for a human where the guardrails would not have; never the other way. */
export function riskNeedsApproval({ risk }: Pick<Judgement, 'risk'>): Reason[] {
  if (risk !== 'high' && risk !== 'critical') return [];
  return [{ code: 'risk_needs_approval', risk }];
}
