import { does, type EscalationPath, passRole } from '../../path.ts';

export const p27: EscalationPath = {
  id: 'P27',
  upstream: 'glue-003',
  category: 'new-passrole',
  severity: 'high',
  needs: [passRole('glue'), does('glue:CreateJob'), does('glue:StartJobRun')],
  how: 'A new job runs a script of the caller with the role.',
};
