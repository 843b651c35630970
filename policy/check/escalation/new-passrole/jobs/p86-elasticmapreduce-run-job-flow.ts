import { does, type EscalationPath, passRole } from '../../path.ts';

export const p86: EscalationPath = {
  id: 'P86',
  category: 'new-passrole',
  severity: 'high',
  needs: [passRole('elasticmapreduce', 'ec2'), does('elasticmapreduce:RunJobFlow')],
  how: 'A new cluster runs steps of the caller with the role.',
};
