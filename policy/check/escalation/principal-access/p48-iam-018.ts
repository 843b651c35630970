import { does, doesToOthers, type EscalationPath } from '../path.ts';

export const p48: EscalationPath = {
  id: 'P48',
  upstream: 'iam-018',
  category: 'principal-access',
  severity: 'high',
  needs: [does('iam:PutUserPolicy'), doesToOthers('iam:CreateAccessKey')],
  how: 'A policy is written into a user, for whom keys are then made.',
};
