import { does, type EscalationPath, passRole } from '../../path.ts';

export const p22: EscalationPath = {
  id: 'P22',
  upstream: 'ecs-003',
  category: 'new-passrole',
  severity: 'high',
  needs: [passRole('ecs-tasks'), does('ecs:RegisterTaskDefinition'), does('ecs:CreateService')],
  how: 'A new service runs an image of the caller with the role.',
};
