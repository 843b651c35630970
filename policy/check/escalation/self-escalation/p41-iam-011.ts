import { does, type EscalationPath } from '../path.ts';

export const p41: EscalationPath = {
  id: 'P41',
  upstream: 'iam-011',
  category: 'self-escalation',
  severity: 'critical',
  needs: [does('iam:PutGroupPolicy')],
  how: 'A policy is written into a group of the caller.',
};
