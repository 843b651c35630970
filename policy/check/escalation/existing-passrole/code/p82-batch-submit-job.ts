import { does, type EscalationPath } from '../../path.ts';

export const p82: EscalationPath = {
  id: 'P82',
  category: 'existing-passrole',
  severity: 'high',
  needs: [does('batch:SubmitJob')],
  how: 'A job whose definition has a role is run with another command.',
};
