import { does, type EscalationPath, passRole } from '../../path.ts';

export const p57: EscalationPath = {
  id: 'P57',
  upstream: 'lambda-006',
  category: 'new-passrole',
  severity: 'high',
  needs: [passRole('lambda'), does('lambda:CreateFunction'), does('lambda:AddPermission')],
  how: 'A new function runs code of the caller with the role, for whoever it then allows.',
};
