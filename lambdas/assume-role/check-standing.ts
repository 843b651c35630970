import type { Tier } from '../shared/domain/approvals/approvals-config.ts';
import { approvalChanged, refusalOfApprovers } from '../shared/domain/approvals/approvers-standing.ts';
import { digestOf } from '../shared/domain/digest.ts';
import { StandingChanged } from '../shared/domain/errors.ts';
import type { Policy, Principal } from '../shared/domain/principal.ts';
import type { WorkflowState } from '../shared/domain/workflow-state.ts';

type ConfigDigests = { catalog: string; guardrails: string; approvals: string };

export type StandingPorts = {
  principals: { get(id: string): Promise<Principal | undefined> };
  policies: { get(principalId: string): Promise<Policy | undefined> };
  configDigests(): ConfigDigests;
  tiers(): readonly Tier[];
};

/**
 * Looks once more at everything the decision rested on: requester, policy text, configuration and approvers
 * must be what they were. Throws StandingChanged otherwise; the requester can ask again.
 */
export async function checkStanding(state: WorkflowState, ports: StandingPorts): Promise<void> {
  const { loaded, verdict, request, evidence } = state;
  if (!loaded || !verdict) throw new StandingChanged('nothing was decided');
  const [requester, policy, ...approvers] = await Promise.all([
    ports.principals.get(request.principalId),
    ports.policies.get(request.principalId),
    ...verdict.approvers.map(({ principalId }) => ports.principals.get(principalId)),
  ]);
  if (requester?.status !== 'active' || digestOf(requester) !== loaded.digests.principal) {
    throw new StandingChanged('the requester was changed or suspended after the decision; ask again');
  }
  if (!policy || digestOf(policy.text) !== loaded.policy.digest) {
    throw new StandingChanged('the policy was changed after the decision; ask again');
  }
  const { principal: _, ...pinned } = loaded.digests;
  if (digestOf(ports.configDigests()) !== digestOf(pinned)) {
    throw new StandingChanged('the configuration was deployed anew after the decision; ask again');
  }
  const decided = { request, verdict, loaded, evidence };
  const refusal = refusalOfApprovers(decided, ports.tiers(), (id) =>
    approvers.find((approver) => approver?.id === id),
  );
  if (refusal) throw approvalChanged(refusal, 'ask again');
}
