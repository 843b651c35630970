import { does, type EscalationPath, passRole } from '../../path.ts';

export const p92: EscalationPath = {
  id: 'P92',
  category: 'new-passrole',
  severity: 'high',
  needs: [passRole('omics'), does('omics:CreateWorkflow'), does('omics:StartRun')],
  how: 'A new workflow runs an image of the caller with the role.',
};
