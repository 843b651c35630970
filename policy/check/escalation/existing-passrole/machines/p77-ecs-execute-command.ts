import { does, type EscalationPath } from '../../path.ts';

export const p77: EscalationPath = {
  id: 'P77',
  category: 'existing-passrole',
  severity: 'high',
  needs: [does('ecs:ExecuteCommand')],
  how: 'A command is run in a task, with its role.',
};
