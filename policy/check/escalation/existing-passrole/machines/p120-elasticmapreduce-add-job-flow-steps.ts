import { does, type EscalationPath } from '../../path.ts';

export const p120: EscalationPath = {
  id: 'P120',
  category: 'existing-passrole',
  severity: 'high',
  needs: [does('elasticmapreduce:AddJobFlowSteps')],
  how: 'A cluster that has a role runs steps of the caller.',
};
