import { anyOf, type EscalationPath, passRole } from '../../path.ts';

export const p103: EscalationPath = {
  id: 'P103',
  category: 'new-passrole',
  severity: 'high',
  needs: [passRole('ec2'), anyOf('ec2:RequestSpotFleet', 'ec2:CreateFleet')],
  how: 'A new fleet of machines runs commands of the caller with the role.',
};
