import { attaches, type EscalationPath } from '../path.ts';

export const p38: EscalationPath = {
  id: 'P38',
  upstream: 'iam-008',
  category: 'self-escalation',
  severity: 'critical',
  needs: [attaches('iam:AttachUserPolicy')],
  how: "A policy is attached to the caller's own user.",
};
