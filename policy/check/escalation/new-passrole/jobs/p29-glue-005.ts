import { does, type EscalationPath, passRole } from '../../path.ts';

export const p29: EscalationPath = {
  id: 'P29',
  upstream: 'glue-005',
  category: 'new-passrole',
  severity: 'high',
  needs: [passRole('glue'), does('glue:UpdateJob'), does('glue:StartJobRun')],
  how: 'A job is given another script and role, and started.',
};
