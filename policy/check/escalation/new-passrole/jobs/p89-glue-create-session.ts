import { does, type EscalationPath, passRole } from '../../path.ts';

export const p89: EscalationPath = {
  id: 'P89',
  category: 'new-passrole',
  severity: 'high',
  needs: [passRole('glue'), does('glue:CreateSession'), does('glue:RunStatement')],
  how: 'A new session runs statements of the caller with the role.',
};
