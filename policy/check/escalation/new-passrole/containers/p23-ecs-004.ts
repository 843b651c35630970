import { does, type EscalationPath, passRole } from '../../path.ts';

export const p23: EscalationPath = {
  id: 'P23',
  upstream: 'ecs-004',
  category: 'new-passrole',
  severity: 'high',
  needs: [passRole('ecs-tasks'), does('ecs:RegisterTaskDefinition'), does('ecs:RunTask')],
  how: 'A new task runs an image of the caller with the role.',
};
