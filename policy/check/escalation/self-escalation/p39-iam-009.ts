import { attaches, type EscalationPath } from '../path.ts';

export const p39: EscalationPath = {
  id: 'P39',
  upstream: 'iam-009',
  category: 'self-escalation',
  severity: 'critical',
  needs: [attaches('iam:AttachRolePolicy')],
  how: "A policy is attached to the caller's own role.",
};
