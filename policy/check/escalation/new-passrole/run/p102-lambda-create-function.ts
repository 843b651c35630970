import { anyOf, does, type EscalationPath, passRole } from '../../path.ts';

export const p102: EscalationPath = {
  id: 'P102',
  category: 'new-passrole',
  severity: 'high',
  needs: [
    passRole('lambda'),
    does('lambda:CreateFunction'),
    anyOf(
      'lambda:CreateFunctionUrlConfig',
      'events:PutTargets',
      's3:PutBucketNotification',
      'sns:Subscribe',
      'logs:PutSubscriptionFilter',
      'cognito-idp:UpdateUserPool',
      'iot:CreateTopicRule',
    ),
  ],
  how: 'A new function runs code of the caller with the role, when something calls it.',
};
