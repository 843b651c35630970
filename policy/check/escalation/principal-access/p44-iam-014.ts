import { attaches, does, type EscalationPath } from '../path.ts';

export const p44: EscalationPath = {
  id: 'P44',
  upstream: 'iam-014',
  category: 'principal-access',
  severity: 'high',
  needs: [attaches('iam:AttachRolePolicy'), does('sts:AssumeRole')],
  how: 'A policy is attached to a role, which is then assumed.',
};
