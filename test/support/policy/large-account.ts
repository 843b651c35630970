import { allow, COLLECTED, inline, policyDocument, role } from './collected-account.ts';

/** What a name, a Sid, an ARN may hold that a page should not do. */
export const HOSTILE =
  '"><script>alert(1)</script><img src=x onerror=alert(1)>\u202e&lt;style>*{display:none}';

const writer = COLLECTED.authorizationDetails.RoleDetailList.find(
  (entry) => (entry as { RoleName?: string }).RoleName === 'writer',
) as { Arn: string };

/** An account with something for every part of a report, and with hostile texts wherever texts come from. */
export const LARGE = {
  ...COLLECTED,
  authorizationDetails: {
    ...COLLECTED.authorizationDetails,
    RoleDetailList: [
      ...COLLECTED.authorizationDetails.RoleDetailList,
      role(`a-role-with-a-very-long-name-${'x'.repeat(30)}`, {
        RolePolicyList: [
          inline(
            'own',
            policyDocument(allow(['ec2:Describe*', 's3:Get*', 'kms:Decrypt', 'logs:PutLogEvents'])),
          ),
        ],
      }),
      role(HOSTILE, {
        RolePolicyList: [
          inline(HOSTILE, policyDocument({ ...allow('s3:*', `arn:aws:s3:::${HOSTILE}`), Sid: 'Sid' })),
        ],
        AssumeRolePolicyDocument: policyDocument({
          Effect: 'Allow',
          Principal: { Federated: `arn:aws:iam::111122223333:oidc-provider/${HOSTILE}` },
          Action: 'sts:AssumeRoleWithWebIdentity',
        }),
      }),
    ],
  },
  calls: {
    ...{ events: 1_204, ofOthers: 20, unread: 3, dataEventsOf: ['sqs.amazonaws.com'] },
    ...{ from: '2026-09-01T00:00:00Z', until: '2026-11-28T00:00:00Z' },
    seen: [
      {
        ...{
          principal: writer.Arn,
          source: 'sqs.amazonaws.com',
          name: 'SendMessage',
          region: 'eu-central-1',
        },
        ...{ resources: ['arn:aws:sqs:eu-central-1:111122223333:q'], error: '', count: 1_181 },
        ...{ first: '2026-09-01T00:00:00Z', last: '2026-11-28T00:00:00Z' },
      },
    ],
  },
  gaps: { organizations: HOSTILE, calls: `none of eu-west-1 ${HOSTILE}` },
};
