import { does, type EscalationPath, passRole } from '../../path.ts';

export const p30: EscalationPath = {
  id: 'P30',
  upstream: 'glue-006',
  category: 'new-passrole',
  severity: 'high',
  needs: [passRole('glue'), does('glue:UpdateJob'), does('glue:CreateTrigger')],
  how: 'A job is given another script and role, and a trigger.',
};
