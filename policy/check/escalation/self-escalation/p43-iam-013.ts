import { does, type EscalationPath } from '../path.ts';

export const p43: EscalationPath = {
  id: 'P43',
  upstream: 'iam-013',
  category: 'self-escalation',
  severity: 'critical',
  needs: [does('iam:AddUserToGroup')],
  how: 'The caller is put into a group that may do more.',
};
