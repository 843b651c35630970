import { does, type EscalationPath } from '../../path.ts';

export const p63: EscalationPath = {
  id: 'P63',
  upstream: 'ssm-001',
  category: 'existing-passrole',
  severity: 'high',
  needs: [does('ssm:StartSession')],
  how: 'A shell is opened on a machine, whose role it has.',
};
