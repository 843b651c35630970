import { does, type EscalationPath } from '../path.ts';

export const p31: EscalationPath = {
  id: 'P31',
  upstream: 'iam-001',
  category: 'self-escalation',
  severity: 'critical',
  needs: [does('iam:CreatePolicyVersion')],
  how: 'A policy that the caller has is given a new version.',
};
