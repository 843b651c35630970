import { doesToOthers, type EscalationPath } from '../path.ts';

export const p32: EscalationPath = {
  id: 'P32',
  upstream: 'iam-002',
  category: 'principal-access',
  severity: 'high',
  needs: [doesToOthers('iam:CreateAccessKey')],
  how: 'Keys are made for another user.',
};
