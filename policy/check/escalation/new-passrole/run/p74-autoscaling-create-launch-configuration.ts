import { does, type EscalationPath, passRole } from '../../path.ts';

export const p74: EscalationPath = {
  id: 'P74',
  category: 'new-passrole',
  severity: 'high',
  needs: [
    passRole('ec2'),
    does('autoscaling:CreateLaunchConfiguration'),
    does('autoscaling:UpdateAutoScalingGroup'),
  ],
  how: 'A group is made to start machines with the role and commands of the caller.',
};
