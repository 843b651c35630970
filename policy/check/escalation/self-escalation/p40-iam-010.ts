import { attaches, type EscalationPath } from '../path.ts';

export const p40: EscalationPath = {
  id: 'P40',
  upstream: 'iam-010',
  category: 'self-escalation',
  severity: 'critical',
  needs: [attaches('iam:AttachGroupPolicy')],
  how: 'A policy is attached to a group of the caller.',
};
