import { does, type EscalationPath } from '../path.ts';

export const p124: EscalationPath = {
  id: 'P124',
  category: 'principal-access',
  severity: 'high',
  needs: [does('eks:CreateAccessEntry'), does('eks:AssociateAccessPolicy')],
  how: 'The caller is made an administrator of a cluster.',
};
