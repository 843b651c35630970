import { does, type EscalationPath, passRole } from '../../path.ts';

export const p52: EscalationPath = {
  id: 'P52',
  upstream: 'lambda-001',
  category: 'new-passrole',
  severity: 'high',
  needs: [passRole('lambda'), does('lambda:CreateFunction'), does('lambda:InvokeFunction')],
  how: 'A new function runs code of the caller with the role.',
};
