import { does, type EscalationPath } from '../../path.ts';

export const p54: EscalationPath = {
  id: 'P54',
  upstream: 'lambda-003',
  category: 'existing-passrole',
  severity: 'high',
  needs: [does('lambda:UpdateFunctionCode')],
  how: 'A function that has a role is given other code.',
};
