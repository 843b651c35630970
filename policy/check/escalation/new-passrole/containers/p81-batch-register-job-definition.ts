import { does, type EscalationPath, passRole } from '../../path.ts';

export const p81: EscalationPath = {
  id: 'P81',
  category: 'new-passrole',
  severity: 'high',
  needs: [passRole('ecs-tasks', 'batch'), does('batch:RegisterJobDefinition'), does('batch:SubmitJob')],
  how: 'A new job runs an image of the caller with the role.',
};
