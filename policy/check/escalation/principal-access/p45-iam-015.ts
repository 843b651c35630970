import { attaches, doesToOthers, type EscalationPath } from '../path.ts';

export const p45: EscalationPath = {
  id: 'P45',
  upstream: 'iam-015',
  category: 'principal-access',
  severity: 'high',
  needs: [attaches('iam:AttachUserPolicy'), doesToOthers('iam:CreateAccessKey')],
  how: 'A policy is attached to a user, for whom keys are then made.',
};
