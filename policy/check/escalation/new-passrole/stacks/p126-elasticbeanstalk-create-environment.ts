import { anyOf, type EscalationPath, passRole } from '../../path.ts';

export const p126: EscalationPath = {
  id: 'P126',
  category: 'new-passrole',
  severity: 'high',
  needs: [
    passRole('elasticbeanstalk', 'ec2'),
    anyOf('elasticbeanstalk:CreateEnvironment', 'elasticbeanstalk:UpdateEnvironment'),
  ],
  how: 'An environment runs an application of the caller with the role.',
};
