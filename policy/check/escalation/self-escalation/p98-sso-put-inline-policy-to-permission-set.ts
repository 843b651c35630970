import { does, type EscalationPath } from '../path.ts';

export const p98: EscalationPath = {
  id: 'P98',
  category: 'self-escalation',
  severity: 'critical',
  needs: [does('sso:PutInlinePolicyToPermissionSet')],
  how: 'A policy is written into a permission set that the caller is assigned to.',
};
