import { anyOf, type EscalationPath, passRole } from '../../path.ts';

export const p132: EscalationPath = {
  id: 'P132',
  category: 'existing-passrole',
  severity: 'high',
  needs: [anyOf('ssm:StartAutomationExecution'), passRole('ssm')],
  how: 'An automation that there is calls AWS with the role.',
};
