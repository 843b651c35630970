import { does, type EscalationPath, passRole } from '../../path.ts';

export const p20: EscalationPath = {
  id: 'P20',
  upstream: 'ecs-001',
  category: 'new-passrole',
  severity: 'high',
  needs: [
    passRole('ecs-tasks'),
    does('ecs:CreateCluster'),
    does('ecs:RegisterTaskDefinition'),
    does('ecs:CreateService'),
  ],
  how: 'A new service runs an image of the caller with the role.',
};
