/** How much is lost where a call of the group is allowed: the weights of all groups are 100 together. */
export type ProbeGroup = {
  readonly name: string;
  readonly weight: number;
  readonly calls: readonly Call[];
  /** One of its calls is too much, also on something that is named. */
  readonly isGrave?: true;
};

/** A call on something of a name that no policy means: what allows it allows it on anything. */
export type Call = { readonly action: string; readonly resource: string };

const PLACE = 'eu-central-1:000000000000';
const on = (resource: string, ...actions: readonly string[]): Call[] =>
  actions.map((action) => ({ action, resource }));
const iam = (kind: string) => `arn:aws:iam::000000000000:${kind}/postern-probe`;
const placed = (service: string, rest: string) => `arn:aws:${service}:${PLACE}:${rest}`;

/**
 * Calls that stand for what can be done with access that names nothing. A score is counted from single requests, so
 * that who is allowed more can never have a better one.
 */
export const PROBES: readonly ProbeGroup[] = [
  {
    name: 'gives itself more',
    isGrave: true,
    weight: 30,
    calls: [
      ...on(iam('role'), 'iam:AttachRolePolicy', 'iam:PutRolePolicy', 'iam:UpdateAssumeRolePolicy'),
      ...on(
        iam('role'),
        'iam:PassRole',
        'iam:CreateRole',
        'iam:DeleteRolePermissionsBoundary',
        'sts:AssumeRole',
      ),
      ...on(
        iam('user'),
        'iam:AttachUserPolicy',
        'iam:PutUserPolicy',
        'iam:CreateAccessKey',
        'iam:CreateLoginProfile',
      ),
      ...on(iam('policy'), 'iam:CreatePolicyVersion', 'iam:SetDefaultPolicyVersion'),
      ...on(iam('group'), 'iam:AddUserToGroup', 'iam:PutGroupPolicy'),
    ],
  },
  {
    name: 'shares and blinds',
    isGrave: true,
    weight: 20,
    calls: [
      ...on('arn:aws:s3:::postern-probe', 's3:PutBucketPolicy', 's3:PutBucketAcl'),
      ...on(
        placed('kms', 'key/postern-probe'),
        'kms:PutKeyPolicy',
        'kms:CreateGrant',
        'kms:ScheduleKeyDeletion',
      ),
      ...on(placed('lambda', 'function:postern-probe'), 'lambda:AddPermission'),
      ...on(placed('secretsmanager', 'secret:postern-probe'), 'secretsmanager:PutResourcePolicy'),
      ...on(placed('sqs', 'postern-probe'), 'sqs:SetQueueAttributes'),
      ...on(placed('sns', 'postern-probe'), 'sns:SetTopicAttributes'),
      ...on(placed('cloudtrail', 'trail/postern-probe'), 'cloudtrail:StopLogging', 'cloudtrail:DeleteTrail'),
      ...on(placed('guardduty', 'detector/postern-probe'), 'guardduty:DeleteDetector'),
      ...on(placed('ec2', 'snapshot/snap-0'), 'ec2:ModifySnapshotAttribute'),
    ],
  },
  {
    name: 'runs code with roles',
    isGrave: true,
    weight: 15,
    calls: [
      ...on(placed('lambda', 'function:postern-probe'), 'lambda:CreateFunction', 'lambda:UpdateFunctionCode'),
      ...on(placed('ec2', 'instance/i-0'), 'ec2:RunInstances', 'ssm:SendCommand', 'ssm:StartSession'),
      ...on(
        placed('cloudformation', 'stack/postern-probe/0'),
        'cloudformation:CreateStack',
        'cloudformation:UpdateStack',
      ),
      ...on(placed('codebuild', 'project/postern-probe'), 'codebuild:StartBuild', 'codebuild:CreateProject'),
      ...on(placed('ecs', 'task-definition/postern-probe:1'), 'ecs:RunTask'),
      ...on(placed('glue', 'job/postern-probe'), 'glue:CreateJob'),
      ...on(
        placed('states', 'stateMachine:postern-probe'),
        'states:CreateStateMachine',
        'states:UpdateStateMachine',
      ),
    ],
  },
  {
    name: 'destroys and changes',
    weight: 15,
    calls: [
      ...on('arn:aws:s3:::postern-probe/key', 's3:PutObject', 's3:DeleteObject'),
      ...on('arn:aws:s3:::postern-probe', 's3:DeleteBucket'),
      ...on(
        placed('dynamodb', 'table/postern-probe'),
        'dynamodb:DeleteTable',
        'dynamodb:PutItem',
        'dynamodb:DeleteItem',
      ),
      ...on(placed('rds', 'db:postern-probe'), 'rds:DeleteDBInstance', 'rds:ModifyDBInstance'),
      ...on(placed('ec2', 'instance/i-0'), 'ec2:TerminateInstances'),
      ...on(placed('sqs', 'postern-probe'), 'sqs:DeleteQueue', 'sqs:SendMessage'),
      ...on(
        placed('secretsmanager', 'secret:postern-probe'),
        'secretsmanager:DeleteSecret',
        'secretsmanager:PutSecretValue',
      ),
      ...on(placed('backup', 'backup-vault:postern-probe'), 'backup:DeleteBackupVault'),
    ],
  },
  {
    name: 'reads data',
    weight: 15,
    calls: [
      ...on('arn:aws:s3:::postern-probe/key', 's3:GetObject'),
      ...on(placed('dynamodb', 'table/postern-probe'), 'dynamodb:GetItem', 'dynamodb:Scan'),
      ...on(placed('secretsmanager', 'secret:postern-probe'), 'secretsmanager:GetSecretValue'),
      ...on(placed('ssm', 'parameter/postern-probe'), 'ssm:GetParameter'),
      ...on(placed('kms', 'key/postern-probe'), 'kms:Decrypt'),
      ...on(placed('sqs', 'postern-probe'), 'sqs:ReceiveMessage'),
      ...on(placed('logs', 'log-group:postern-probe:log-stream:a'), 'logs:GetLogEvents'),
      ...on(placed('kinesis', 'stream/postern-probe'), 'kinesis:GetRecords'),
    ],
  },
  {
    name: 'sees what there is',
    weight: 5,
    calls: [
      ...on('*', 's3:ListAllMyBuckets', 'iam:ListRoles', 'ec2:DescribeInstances', 'dynamodb:ListTables'),
      ...on(
        '*',
        'secretsmanager:ListSecrets',
        'lambda:ListFunctions',
        'kms:ListKeys',
        'rds:DescribeDBInstances',
      ),
    ],
  },
];
