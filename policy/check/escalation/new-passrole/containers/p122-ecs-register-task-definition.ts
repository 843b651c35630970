import { anyOf, does, type EscalationPath, passRole } from '../../path.ts';

export const p122: EscalationPath = {
  id: 'P122',
  category: 'new-passrole',
  severity: 'high',
  needs: [
    passRole('ecs-tasks'),
    does('ecs:RegisterTaskDefinition'),
    anyOf('ecs:UpdateService', 'ecs:CreateTaskSet'),
  ],
  how: 'A service is made to run an image of the caller with the role.',
};
