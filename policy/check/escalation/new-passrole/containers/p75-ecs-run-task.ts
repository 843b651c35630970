import { does, type EscalationPath, passRole } from '../../path.ts';

export const p75: EscalationPath = {
  id: 'P75',
  category: 'new-passrole',
  severity: 'high',
  needs: [passRole('ecs-tasks'), does('ecs:RunTask')],
  how: 'A task is run with another role and command than its definition has.',
};
