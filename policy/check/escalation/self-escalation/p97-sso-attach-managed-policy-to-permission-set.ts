import { anyOf, type EscalationPath } from '../path.ts';

export const p97: EscalationPath = {
  id: 'P97',
  category: 'self-escalation',
  severity: 'critical',
  needs: [
    anyOf(
      'sso:AttachManagedPolicyToPermissionSet',
      'sso:AttachCustomerManagedPolicyReferenceToPermissionSet',
    ),
  ],
  how: 'A policy is attached to a permission set that the caller is assigned to.',
};
