import { does, type EscalationPath, passRole } from '../../path.ts';

export const p76: EscalationPath = {
  id: 'P76',
  category: 'new-passrole',
  severity: 'high',
  needs: [passRole('ecs-tasks'), does('ecs:StartTask')],
  how: 'A task is started with another role and command than its definition has.',
};
