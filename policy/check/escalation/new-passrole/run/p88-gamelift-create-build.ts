import { does, type EscalationPath, passRole } from '../../path.ts';

export const p88: EscalationPath = {
  id: 'P88',
  category: 'new-passrole',
  severity: 'high',
  needs: [passRole('gamelift'), does('gamelift:CreateBuild'), does('gamelift:CreateFleet')],
  how: 'A new fleet runs a build of the caller with the role.',
};
