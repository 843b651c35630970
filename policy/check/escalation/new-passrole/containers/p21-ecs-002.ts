import { does, type EscalationPath, passRole } from '../../path.ts';

export const p21: EscalationPath = {
  id: 'P21',
  upstream: 'ecs-002',
  category: 'new-passrole',
  severity: 'high',
  needs: [
    passRole('ecs-tasks'),
    does('ecs:CreateCluster'),
    does('ecs:RegisterTaskDefinition'),
    does('ecs:RunTask'),
  ],
  how: 'A new task runs an image of the caller with the role.',
};
