import { doesToOthers, type EscalationPath } from '../path.ts';

export const p117: EscalationPath = {
  id: 'P117',
  category: 'principal-access',
  severity: 'high',
  needs: [doesToOthers('iam:CreateServiceSpecificCredential')],
  how: 'Credentials of a service are made for another user.',
};
