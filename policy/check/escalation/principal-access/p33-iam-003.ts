import { doesToOthers, type EscalationPath } from '../path.ts';

export const p33: EscalationPath = {
  id: 'P33',
  upstream: 'iam-003',
  category: 'principal-access',
  severity: 'high',
  needs: [doesToOthers('iam:CreateAccessKey'), doesToOthers('iam:DeleteAccessKey')],
  how: 'Keys are made for another user that already had two.',
};
