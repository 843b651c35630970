import { type HeldCall, nameOfCall } from '../../../shared/domain/calls/held-call.ts';
import type { Reason } from '../../../shared/domain/reason.ts';
import type { Need } from '../../decision-case.ts';

/** The gateway's rules leave the call to people, and not as many have agreed. */
export function callNeedsApproval(call: HeldCall, needs: readonly Need[]): Reason[] {
  const [need] = needs;
  if (!need) return [];
  const { quorum, rules } = call;
  return [
    {
      code: 'call_needs_approval',
      call: nameOfCall(call),
      policyIds: [...rules],
      ...quorum,
      approvalsSoFar: need.has.approvals,
    },
  ];
}
