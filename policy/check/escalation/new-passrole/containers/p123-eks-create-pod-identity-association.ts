import { does, type EscalationPath, passRole } from '../../path.ts';

export const p123: EscalationPath = {
  id: 'P123',
  category: 'new-passrole',
  severity: 'high',
  needs: [passRole('pods.eks'), does('eks:CreatePodIdentityAssociation')],
  how: 'Pods of a cluster are given the role.',
};
