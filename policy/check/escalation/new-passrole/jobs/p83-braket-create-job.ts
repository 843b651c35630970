import { does, type EscalationPath, passRole } from '../../path.ts';

export const p83: EscalationPath = {
  id: 'P83',
  category: 'new-passrole',
  severity: 'high',
  needs: [passRole('braket'), does('braket:CreateJob')],
  how: 'A new job runs code of the caller with the role.',
};
