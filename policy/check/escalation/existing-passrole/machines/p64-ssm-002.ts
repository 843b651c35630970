import { does, type EscalationPath } from '../../path.ts';

export const p64: EscalationPath = {
  id: 'P64',
  upstream: 'ssm-002',
  category: 'existing-passrole',
  severity: 'high',
  needs: [does('ssm:SendCommand')],
  how: 'A command is run on a machine, with its role.',
};
