import { does, type EscalationPath, passRole } from '../../path.ts';

export const p113: EscalationPath = {
  id: 'P113',
  category: 'new-passrole',
  severity: 'high',
  needs: [passRole('pipes'), does('pipes:CreatePipe')],
  how: 'A pipe calls targets with the role.',
};
