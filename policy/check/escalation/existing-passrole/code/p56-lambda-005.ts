import { does, type EscalationPath } from '../../path.ts';

export const p56: EscalationPath = {
  id: 'P56',
  upstream: 'lambda-005',
  category: 'existing-passrole',
  severity: 'high',
  needs: [does('lambda:UpdateFunctionCode'), does('lambda:AddPermission')],
  how: 'A function that has a role is given other code, and may be run by another account.',
};
