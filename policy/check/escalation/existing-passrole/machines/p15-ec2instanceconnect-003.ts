import { does, type EscalationPath } from '../../path.ts';

export const p15: EscalationPath = {
  id: 'P15',
  upstream: 'ec2instanceconnect-003',
  category: 'existing-passrole',
  severity: 'high',
  needs: [does('ec2-instance-connect:SendSSHPublicKey')],
  how: 'A key of the caller opens a machine, whose role it then has.',
};
