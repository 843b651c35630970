import { isAuditor } from '../shared/domain/identity/is-auditor.ts';
import type { Policy, Principal } from '../shared/domain/principal.ts';
import { type Operation, operation } from '../shared/http/operation.ts';
import { Problem } from '../shared/http/problems.ts';
import { getPolicySpec, policyViewSchema } from './get-policy-spec.ts';

export type PolicyPorts = {
  readonly policies: { get(principalId: string): Promise<Policy | undefined> };
  /** Whether the guardrails could ever let this principal change a policy. */
  readonly mayProposePolicies: (principal: Principal) => boolean;
};

export const getPolicy: Operation<PolicyPorts> = operation({
  ...getPolicySpec,
  async run({ caller, id }, { policies, mayProposePolicies }: PolicyPorts) {
    if (id !== caller.id && !isAuditor(caller) && !mayProposePolicies(caller)) {
      const detail = 'The policy of another principal is read by auditors, and by who may propose another.';
      throw new Problem('auditor_required', detail);
    }
    const policy = await policies.get(id);
    if (!policy) throw new Problem('policy_not_found', 'This principal has no policy text: propose one.');
    return { status: 200, body: policyViewSchema.parse(policy) };
  },
});
