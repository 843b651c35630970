const DECRYPT = ['kms:Decrypt'] as const;
const NEW_KEY = ['kms:GenerateDataKey'] as const;
const BOTH = ['kms:Decrypt', 'kms:GenerateDataKey'] as const;

/**
 * Actions whose service calls KMS in the caller's name, and what it calls: forward access. The service adds
 * `kms:ViaService`. An identity's policy needs it for keys of one's own alone.
 * Facts from awslabs/iam-policy-autopilot (Apache-2.0) at 8f09822b. Its operations are written here as the actions that
 * IAM asks about: UploadPart is `s3:PutObject`, PublishBatch `sns:Publish`.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/access_forward_access_sessions.html
 */
export const FORWARD_ACCESS: Readonly<Record<string, readonly string[]>> = {
  'dynamodb:BatchGetItem': DECRYPT,
  'dynamodb:BatchWriteItem': DECRYPT,
  'dynamodb:CreateTable': ['kms:CreateGrant', 'kms:DescribeKey'],
  'dynamodb:DeleteItem': DECRYPT,
  'dynamodb:GetItem': DECRYPT,
  'dynamodb:GetRecords': DECRYPT,
  'dynamodb:PutItem': DECRYPT,
  'dynamodb:Query': DECRYPT,
  'dynamodb:Scan': DECRYPT,
  'dynamodb:UpdateItem': DECRYPT,
  'kinesis:GetRecords': DECRYPT,
  'kinesis:PutRecord': NEW_KEY,
  'kinesis:PutRecords': NEW_KEY,
  's3:GetObject': DECRYPT,
  's3:PutObject': BOTH,
  'secretsmanager:BatchGetSecretValue': DECRYPT,
  'secretsmanager:CreateSecret': BOTH,
  'secretsmanager:GetSecretValue': DECRYPT,
  'sns:Publish': BOTH,
  'sqs:ReceiveMessage': DECRYPT,
  'sqs:SendMessage': NEW_KEY,
  'ssm:GetParameter': DECRYPT,
  'ssm:GetParameterHistory': DECRYPT,
  'ssm:GetParameters': DECRYPT,
  'ssm:GetParametersByPath': DECRYPT,
  'ssm:PutParameter': ['kms:Encrypt'],
};
