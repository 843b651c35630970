import { does, type EscalationPath, passRole } from '../../path.ts';

export const p112: EscalationPath = {
  id: 'P112',
  category: 'new-passrole',
  severity: 'high',
  needs: [passRole('events'), does('events:PutRule'), does('events:PutTargets')],
  how: 'A rule starts tasks, builds or commands with the role.',
};
