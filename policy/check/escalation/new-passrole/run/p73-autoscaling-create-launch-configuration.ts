import { does, type EscalationPath, passRole } from '../../path.ts';

export const p73: EscalationPath = {
  id: 'P73',
  category: 'new-passrole',
  severity: 'high',
  needs: [
    passRole('ec2'),
    does('autoscaling:CreateLaunchConfiguration'),
    does('autoscaling:CreateAutoScalingGroup'),
  ],
  how: 'A new group starts machines with the role and commands of the caller.',
};
