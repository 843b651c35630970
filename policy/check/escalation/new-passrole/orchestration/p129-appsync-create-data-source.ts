import { does, type EscalationPath, passRole } from '../../path.ts';

export const p129: EscalationPath = {
  id: 'P129',
  category: 'new-passrole',
  severity: 'high',
  needs: [passRole('appsync'), does('appsync:CreateDataSource')],
  how: 'A data source calls what the role may call.',
};
