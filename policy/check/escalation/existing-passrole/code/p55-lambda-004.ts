import { does, type EscalationPath } from '../../path.ts';

export const p55: EscalationPath = {
  id: 'P55',
  upstream: 'lambda-004',
  category: 'existing-passrole',
  severity: 'high',
  needs: [does('lambda:UpdateFunctionCode'), does('lambda:InvokeFunction')],
  how: 'A function that has a role is given other code, and run.',
};
