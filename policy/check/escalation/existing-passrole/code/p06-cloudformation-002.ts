import { does, type EscalationPath } from '../../path.ts';

export const p06: EscalationPath = {
  id: 'P06',
  upstream: 'cloudformation-002',
  category: 'existing-passrole',
  severity: 'high',
  needs: [does('cloudformation:UpdateStack')],
  how: 'A stack that has a role is given another template.',
};
