import type { Principal } from '../../lambdas/shared/domain/principal.ts';

type Person = Pick<Principal, 'id' | 'groups' | 'persons'> & Partial<Principal>;

const principal = (person: Person): Principal => ({
  type: 'human',
  status: 'active',
  awsPrincipals: [`arn:aws:iam::123456789012:user/${person.id}`],
  subjectIssuers: [],
  subjectRequired: false,
  version: 1,
  ...person,
});

/** The demo bank's principals, as far as decisions look at them. */
export const BANK: Readonly<Record<string, Principal>> = Object.fromEntries(
  [
    principal({ id: 'customer_support_agent', type: 'agent', groups: ['support-agents'], persons: ['sam'] }),
    principal({ id: 'employee1', groups: ['employees'], persons: ['emma'] }),
    principal({ id: 'analyst1', groups: ['analysts'], persons: ['ana'] }),
    principal({ id: 'admin', groups: ['admins', 'approvers'], persons: ['ada'] }),
    principal({ id: 'approver1', groups: ['approvers'], persons: ['abe'] }),
    principal({ id: 'approver1b', groups: ['approvers'], persons: ['abe'] }),
    principal({ id: 'approver2', groups: ['approvers', 'security'], persons: ['bea'] }),
    principal({ id: 'owner1', groups: ['data-owners'], persons: ['olga'] }),
    principal({ id: 'auditor1', groups: ['auditors'], persons: ['aldo'] }),
    principal({ id: 'suspended1', groups: ['employees'], persons: ['sue'], status: 'suspended' }),
  ].map((entry) => [entry.id, entry]),
);

/** A principal of the bank. Throws for one there is not, so that a typo in a case is found. */
export function ofBank(id: string): Principal {
  const found = BANK[id];
  if (!found) throw new Error(`the bank has no principal ${id}`);
  return found;
}
