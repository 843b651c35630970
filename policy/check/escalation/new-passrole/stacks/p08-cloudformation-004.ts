import { does, type EscalationPath, passRole } from '../../path.ts';

export const p08: EscalationPath = {
  id: 'P08',
  upstream: 'cloudformation-004',
  category: 'new-passrole',
  severity: 'high',
  needs: [passRole('cloudformation'), does('cloudformation:UpdateStackSet')],
  how: 'A stack set is given another role and template.',
};
