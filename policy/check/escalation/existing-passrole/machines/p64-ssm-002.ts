import type { EscalationPath } from '../../path.ts';

export const p64: EscalationPath = {
  id: 'P64',
  upstream: 'ssm-002',
  category: 'existing-passrole',
  severity: 'high',
  needs: [
    {
      action: 'ssm:SendCommand',
      // A document says what is done; IAM asks about each machine too.
      besides: ['arn:*:ec2:*:*:instance/*', 'arn:*:ssm:*:*:managed-instance/*'],
    },
  ],
  how: 'A command is run on a machine, with its role.',
};
