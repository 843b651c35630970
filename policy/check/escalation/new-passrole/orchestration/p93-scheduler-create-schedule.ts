import { does, type EscalationPath, passRole } from '../../path.ts';

export const p93: EscalationPath = {
  id: 'P93',
  category: 'new-passrole',
  severity: 'high',
  needs: [passRole('scheduler'), does('scheduler:CreateSchedule')],
  how: 'A schedule calls any API of AWS with the role.',
};
