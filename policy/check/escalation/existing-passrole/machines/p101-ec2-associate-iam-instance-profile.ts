import { anyOf, type EscalationPath, passRole } from '../../path.ts';

export const p101: EscalationPath = {
  id: 'P101',
  category: 'existing-passrole',
  severity: 'high',
  needs: [
    anyOf('ec2:AssociateIamInstanceProfile', 'ec2:ReplaceIamInstanceProfileAssociation'),
    passRole('ec2'),
  ],
  how: 'A machine that the caller can reach is given another role.',
};
