import { does, type EscalationPath, passRole } from '../../path.ts';

export const p16: EscalationPath = {
  id: 'P16',
  upstream: 'ec2-001',
  category: 'new-passrole',
  severity: 'high',
  needs: [passRole('ec2'), does('ec2:RunInstances')],
  how: 'A new machine runs commands of the caller with the role.',
};
