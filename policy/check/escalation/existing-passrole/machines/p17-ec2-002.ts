import { does, type EscalationPath } from '../../path.ts';

export const p17: EscalationPath = {
  id: 'P17',
  upstream: 'ec2-002',
  category: 'existing-passrole',
  severity: 'high',
  needs: [does('ec2:ModifyInstanceAttribute'), does('ec2:StopInstances'), does('ec2:StartInstances')],
  how: 'A machine that has a role is started again with other user data.',
};
