import { does, type EscalationPath, passRole } from '../../path.ts';

export const p05: EscalationPath = {
  id: 'P05',
  upstream: 'cloudformation-001',
  category: 'new-passrole',
  severity: 'high',
  needs: [passRole('cloudformation'), does('cloudformation:CreateStack')],
  how: 'A new stack makes whatever the role may make.',
};
