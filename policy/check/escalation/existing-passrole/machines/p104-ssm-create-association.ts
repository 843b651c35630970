import { does, type EscalationPath } from '../../path.ts';

export const p104: EscalationPath = {
  id: 'P104',
  category: 'existing-passrole',
  severity: 'high',
  needs: [does('ssm:CreateAssociation')],
  how: 'A document is run on machines, with their roles.',
};
