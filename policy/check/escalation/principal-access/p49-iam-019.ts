import { attaches, does, type EscalationPath } from '../path.ts';

export const p49: EscalationPath = {
  id: 'P49',
  upstream: 'iam-019',
  category: 'principal-access',
  severity: 'high',
  needs: [attaches('iam:AttachRolePolicy'), does('iam:UpdateAssumeRolePolicy')],
  how: 'A policy is attached to a role, which is made to trust the caller.',
};
