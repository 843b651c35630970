import { does, type EscalationPath, passRole } from '../../path.ts';

export const p130: EscalationPath = {
  id: 'P130',
  category: 'new-passrole',
  severity: 'high',
  needs: [passRole('iot', 'credentials.iot'), does('iot:CreateRoleAlias')],
  how: 'Devices of the caller are given the role.',
};
