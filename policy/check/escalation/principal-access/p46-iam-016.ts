import { does, type EscalationPath } from '../path.ts';

export const p46: EscalationPath = {
  id: 'P46',
  upstream: 'iam-016',
  category: 'principal-access',
  severity: 'high',
  needs: [does('iam:CreatePolicyVersion'), does('sts:AssumeRole')],
  how: 'A policy of a role is given a new version, and the role is assumed.',
};
