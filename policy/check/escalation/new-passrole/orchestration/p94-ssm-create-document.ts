import { does, type EscalationPath, passRole } from '../../path.ts';

export const p94: EscalationPath = {
  id: 'P94',
  category: 'new-passrole',
  severity: 'high',
  needs: [passRole('ssm'), does('ssm:CreateDocument'), does('ssm:StartAutomationExecution')],
  how: 'A new automation calls any API of AWS with the role.',
};
