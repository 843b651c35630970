import { doesToOthers, type EscalationPath } from '../path.ts';

export const p34: EscalationPath = {
  id: 'P34',
  upstream: 'iam-004',
  category: 'principal-access',
  severity: 'high',
  needs: [doesToOthers('iam:CreateLoginProfile')],
  how: 'A password is made for another user.',
};
