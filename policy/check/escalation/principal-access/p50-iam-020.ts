import { does, type EscalationPath } from '../path.ts';

export const p50: EscalationPath = {
  id: 'P50',
  upstream: 'iam-020',
  category: 'principal-access',
  severity: 'high',
  needs: [does('iam:CreatePolicyVersion'), does('iam:UpdateAssumeRolePolicy')],
  how: 'A policy of a role is given a new version, and the role is made to trust the caller.',
};
