import { does, type EscalationPath, passRole } from '../../path.ts';

export const p07: EscalationPath = {
  id: 'P07',
  upstream: 'cloudformation-003',
  category: 'new-passrole',
  severity: 'high',
  needs: [
    passRole('cloudformation'),
    does('cloudformation:CreateStackSet'),
    does('cloudformation:CreateStackInstances'),
  ],
  how: 'A new stack set makes whatever the role may make, also in other accounts.',
};
