import { does, type EscalationPath, passRole } from '../../path.ts';

export const p18: EscalationPath = {
  id: 'P18',
  upstream: 'ec2-003',
  category: 'new-passrole',
  severity: 'high',
  needs: [passRole('ec2'), does('ec2:RequestSpotInstances')],
  how: 'A new spot machine runs commands of the caller with the role.',
};
