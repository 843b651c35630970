import type { OnDuty } from '../outside/on-duty.ts';
import type { ApprovalAsk } from '../verdict.ts';
import type { Tier } from './approvals-config.ts';

/** Who was on call when a tier was asked, or waited on last: by which a vote is screened. The tally looks anew. */
export const dutyShown = (
  { tier: current, onCall }: Pick<ApprovalAsk, 'tier' | 'onCall'>,
  { name, onCall: rota }: Pick<Tier, 'name' | 'onCall'>,
): OnDuty => (rota !== undefined && onCall && current === name ? { [rota]: onCall } : {});
