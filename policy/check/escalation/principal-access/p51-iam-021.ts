import { does, type EscalationPath } from '../path.ts';

export const p51: EscalationPath = {
  id: 'P51',
  upstream: 'iam-021',
  category: 'principal-access',
  severity: 'high',
  needs: [does('iam:PutRolePolicy'), does('iam:UpdateAssumeRolePolicy')],
  how: 'A policy is written into a role, which is made to trust the caller.',
};
