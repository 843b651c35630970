import { does, type EscalationPath } from '../../path.ts';

export const p19: EscalationPath = {
  id: 'P19',
  upstream: 'ec2-004',
  category: 'existing-passrole',
  severity: 'high',
  needs: [does('ec2:CreateLaunchTemplateVersion'), does('ec2:ModifyLaunchTemplate')],
  how: 'Machines that are started from a template run commands of the caller with its role.',
};
