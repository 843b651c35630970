import { doesToOthers, type EscalationPath } from '../path.ts';

export const p36: EscalationPath = {
  id: 'P36',
  upstream: 'iam-006',
  category: 'principal-access',
  severity: 'high',
  needs: [doesToOthers('iam:UpdateLoginProfile')],
  how: 'The password of another user is changed.',
};
