import { isAuditor } from '../shared/domain/identity/is-auditor.ts';
import type { StoredVersion } from '../shared/domain/identity/stored-version.ts';
import type { Policy, Principal } from '../shared/domain/principal.ts';
import { type Operation, operation } from '../shared/http/operation.ts';
import { Problem } from '../shared/http/problems.ts';
import {
  getPolicySpec,
  listPolicyVersionsSpec,
  policyVersionsSchema,
  policyViewSchema,
} from './get-policy-spec.ts';

export type PolicyPorts = {
  readonly policies: { get(principalId: string): Promise<Policy | undefined> };
  readonly versions: { list(target: { kind: 'policy'; target: string }): Promise<StoredVersion[]> };
  /** Whether the guardrails could ever let this principal change a policy. */
  readonly mayProposePolicies: (principal: Principal) => boolean;
};

function refuseStrangers(caller: Principal, id: string, mayPropose: PolicyPorts['mayProposePolicies']): void {
  if (id === caller.id || isAuditor(caller) || mayPropose(caller)) return;
  const detail = 'The policy of another principal is read by auditors, and by who may propose another.';
  throw new Problem('auditor_required', detail);
}

export const getPolicy: Operation<PolicyPorts> = operation({
  ...getPolicySpec,
  async run({ caller, id }, { policies, mayProposePolicies }: PolicyPorts) {
    refuseStrangers(caller, id, mayProposePolicies);
    const policy = await policies.get(id);
    if (!policy) throw new Problem('policy_not_found', 'This principal has no policy text: propose one.');
    return { status: 200, body: policyViewSchema.parse(policy) };
  },
});

export const listPolicyVersions: Operation<PolicyPorts> = operation({
  ...listPolicyVersionsSpec,
  async run({ caller, id }, { versions, mayProposePolicies }: PolicyPorts) {
    refuseStrangers(caller, id, mayProposePolicies);
    const found = await versions.list({ kind: 'policy', target: id });
    return { status: 200, body: policyVersionsSchema.parse({ versions: found }) };
  },
});
