import { does, type EscalationPath, passRole } from '../../path.ts';

export const p28: EscalationPath = {
  id: 'P28',
  upstream: 'glue-004',
  category: 'new-passrole',
  severity: 'high',
  needs: [passRole('glue'), does('glue:CreateJob'), does('glue:CreateTrigger')],
  how: 'A new job runs a script of the caller with the role, when its trigger does.',
};
