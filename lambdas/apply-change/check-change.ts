import type { Change } from '../shared/domain/access-request.ts';
import type { Tier } from '../shared/domain/approvals/approvals-config.ts';
import { approvalChanged, refusalOfApprovers } from '../shared/domain/approvals/approvers-standing.ts';
import { checkSeal, type SealPorts } from '../shared/domain/check-seal.ts';
import { RequestClosed, SealRefused, StandingChanged } from '../shared/domain/errors.ts';
import type { Principal } from '../shared/domain/principal.ts';
import type { RequestRow } from '../shared/domain/request-row.ts';
import { changeBytes } from '../shared/domain/seal.ts';
import type { Seal } from '../shared/domain/verdict.ts';
import type { WorkflowState } from '../shared/domain/workflow-state.ts';

export type CheckPorts = SealPorts & {
  requests: { get(requestId: string): Promise<RequestRow | undefined> };
  principals: { get(id: string): Promise<Principal | undefined> };
  tiers(): readonly Tier[];
};

/**
 * The change that the state presents, once its seal is found to be over it, its request open, and everybody who
 * asked or agreed still who they were. Throws SealRefused, RequestClosed or StandingChanged.
 */
export async function checkChange(
  { request, verdict, loaded, evidence }: WorkflowState,
  executionName: string,
  ports: CheckPorts,
): Promise<{ change: Change; seal: Seal }> {
  const { change, requestId } = request;
  if (verdict?.outcome !== 'apply' || !verdict.seal || !change || !loaded)
    throw new SealRefused('no sealed change');
  const { seal } = verdict;
  const bytes = changeBytes(request, change, loaded.policy.digest, seal.expiresAt);
  await checkSeal({ requestId, executionName, bytes, seal }, ports);
  const [row, requester, ...approvers] = await Promise.all([
    ports.requests.get(requestId),
    ports.principals.get(request.principalId),
    ...verdict.approvers.map(({ principalId }) => ports.principals.get(principalId)),
  ]);
  if (row?.status !== 'PENDING' && row?.status !== 'AWAITING_APPROVAL')
    throw new RequestClosed('the request was closed before the change could be applied');
  if (requester?.status !== 'active')
    throw new StandingChanged('the requester was suspended; propose the change again');
  const decided = { request, verdict, loaded, evidence };
  const refusal = refusalOfApprovers(decided, ports.tiers(), (id) =>
    approvers.find((approver) => approver?.id === id),
  );
  if (refusal) throw approvalChanged(refusal, 'propose the change again');
  return { change, seal };
}
