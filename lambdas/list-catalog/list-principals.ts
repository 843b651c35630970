import { isAuditor } from '../shared/domain/identity/is-auditor.ts';
import type { Principal } from '../shared/domain/principal.ts';
import { type Operation, operation } from '../shared/http/operation.ts';
import { listPrincipalsSpec, principalListSchema } from './people-specs.ts';

export type PeoplePorts = {
  readonly allPrincipals: { all(): AsyncIterable<Principal> };
  /** Whether the guardrails could ever let this principal change a policy, or a principal. */
  readonly mayProposePolicies: (principal: Principal) => boolean;
  readonly mayProposePrincipals: (principal: Principal) => boolean;
};

/** Whom the caller may know of, by their ids. */
export async function knownTo(caller: Principal, ports: PeoplePorts): Promise<Principal[]> {
  const knowsAll =
    isAuditor(caller) || ports.mayProposePolicies(caller) || ports.mayProposePrincipals(caller);
  if (!knowsAll) return [caller];
  const found: Principal[] = [];
  for await (const principal of ports.allPrincipals.all()) found.push(principal);
  return found.sort((left, right) => left.id.localeCompare(right.id));
}

export const listPrincipals: Operation<PeoplePorts> = operation({
  ...listPrincipalsSpec,
  async run({ caller }, ports: PeoplePorts) {
    const principals = await knownTo(caller, ports);
    const mayDo = {
      id: caller.id,
      mayProposePolicies: ports.mayProposePolicies(caller),
      mayProposePrincipals: ports.mayProposePrincipals(caller),
      auditor: isAuditor(caller),
    };
    return { status: 200, body: principalListSchema.parse({ principals, caller: mayDo }) };
  },
});
