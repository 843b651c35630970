import { does, type EscalationPath } from '../path.ts';

export const p35: EscalationPath = {
  id: 'P35',
  upstream: 'iam-005',
  category: 'self-escalation',
  severity: 'critical',
  needs: [does('iam:PutRolePolicy')],
  how: "A policy is written into the caller's own role.",
};
