import { does, type EscalationPath } from '../../path.ts';

export const p72: EscalationPath = {
  id: 'P72',
  category: 'existing-passrole',
  severity: 'high',
  needs: [does('lambda:UpdateFunctionConfiguration')],
  how: 'A function that has a role is given a layer of the caller, or another handler.',
};
