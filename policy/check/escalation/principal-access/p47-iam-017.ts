import { does, type EscalationPath } from '../path.ts';

export const p47: EscalationPath = {
  id: 'P47',
  upstream: 'iam-017',
  category: 'principal-access',
  severity: 'high',
  needs: [does('iam:PutRolePolicy'), does('sts:AssumeRole')],
  how: 'A policy is written into a role, which is then assumed.',
};
