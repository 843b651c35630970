import { does, type EscalationPath } from '../path.ts';

export const p99: EscalationPath = {
  id: 'P99',
  category: 'principal-access',
  severity: 'high',
  needs: [does('sso:CreateAccountAssignment')],
  how: 'The caller is assigned to a wider permission set, or to another account.',
};
