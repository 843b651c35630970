import { does, type EscalationPath } from '../path.ts';

export const p42: EscalationPath = {
  id: 'P42',
  upstream: 'iam-012',
  category: 'principal-access',
  severity: 'high',
  needs: [does('iam:UpdateAssumeRolePolicy')],
  how: 'A role is made to trust the caller.',
};
