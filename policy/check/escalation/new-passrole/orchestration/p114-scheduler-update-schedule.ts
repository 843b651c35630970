import { does, type EscalationPath, passRole } from '../../path.ts';

export const p114: EscalationPath = {
  id: 'P114',
  category: 'new-passrole',
  severity: 'high',
  needs: [passRole('scheduler'), does('scheduler:UpdateSchedule')],
  how: 'A schedule is made to call any API of AWS with the role.',
};
