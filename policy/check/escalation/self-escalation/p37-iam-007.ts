import { does, type EscalationPath } from '../path.ts';

export const p37: EscalationPath = {
  id: 'P37',
  upstream: 'iam-007',
  category: 'self-escalation',
  severity: 'critical',
  needs: [does('iam:PutUserPolicy')],
  how: "A policy is written into the caller's own user.",
};
