import { does, type EscalationPath, passRole } from '../../path.ts';

export const p24: EscalationPath = {
  id: 'P24',
  upstream: 'ecs-005',
  category: 'new-passrole',
  severity: 'high',
  needs: [passRole('ecs-tasks'), does('ecs:RegisterTaskDefinition'), does('ecs:StartTask')],
  how: 'A new task runs an image of the caller with the role.',
};
