import { does, type EscalationPath } from '../../path.ts';

export const p84: EscalationPath = {
  id: 'P84',
  category: 'existing-passrole',
  severity: 'high',
  needs: [
    does('codedeploy:CreateDeployment'),
    does('codedeploy:RegisterApplicationRevision'),
    does('codedeploy:GetDeploymentConfig'),
  ],
  how: 'Machines that have a role are given scripts of the caller.',
};
