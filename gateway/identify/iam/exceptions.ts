/** Services whose actions begin with another word than they sign with. */
export const PREFIXES: Readonly<Record<string, string>> = {
  monitoring: 'cloudwatch',
  email: 'ses',
  tagging: 'tag',
};

/**
 * Services whose every operation has an action of its name.
 * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/iam-policies-for-amazon-ec2.html
 */
export const CALLED_AS_OPERATIONS: ReadonlySet<string> = new Set(['ec2']);

const gets = (name: string, action: string): Record<string, readonly string[]> => ({ [name]: [action] });
const family = (operations: readonly string[], action: string) =>
  Object.assign({}, ...operations.map((name) => gets(name, action))) as Record<string, readonly string[]>;

/** Configurations of a bucket that are read, listed, written and taken away by two actions. */
const configurations = (noun: string) => ({
  ...family(
    [`GetBucket${noun}Configuration`, `ListBucket${noun}Configurations`],
    `s3:Get${noun}Configuration`,
  ),
  ...family(
    [`PutBucket${noun}Configuration`, `DeleteBucket${noun}Configuration`],
    `s3:Put${noun}Configuration`,
  ),
});

/**
 * Operations whose actions are not called as they are; an empty list needs no permission.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-express-security-iam.html
 */
export const ACTIONS: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  s3: {
    ...family(['HeadBucket', 'ListObjects', 'ListObjectsV2'], 's3:ListBucket'),
    ...family(['HeadObject', 'SelectObjectContent'], 's3:GetObject'),
    ...family(
      ['CopyObject', 'UploadPartCopy', 'CreateMultipartUpload', 'UploadPart', 'CompleteMultipartUpload'],
      's3:PutObject',
    ),
    ListBuckets: ['s3:ListAllMyBuckets'],
    ListDirectoryBuckets: ['s3express:ListAllMyDirectoryBuckets'],
    ...family(['CreateSession', 'RenameObject'], 's3express:CreateSession'),
    WriteGetObjectResponse: ['s3-object-lambda:WriteGetObjectResponse'],
    ListObjectVersions: ['s3:ListBucketVersions'],
    ListMultipartUploads: ['s3:ListBucketMultipartUploads'],
    ListParts: ['s3:ListMultipartUploadParts'],
    DeleteObjects: ['s3:DeleteObject'],
    GetBucketCors: ['s3:GetBucketCORS'],
    ...family(['PutBucketCors', 'DeleteBucketCors'], 's3:PutBucketCORS'),
    GetBucketEncryption: ['s3:GetEncryptionConfiguration'],
    ...family(['PutBucketEncryption', 'DeleteBucketEncryption'], 's3:PutEncryptionConfiguration'),
    ...family(['GetBucketLifecycle', 'GetBucketLifecycleConfiguration'], 's3:GetLifecycleConfiguration'),
    ...family(
      ['PutBucketLifecycle', 'PutBucketLifecycleConfiguration', 'DeleteBucketLifecycle'],
      's3:PutLifecycleConfiguration',
    ),
    GetBucketReplication: ['s3:GetReplicationConfiguration'],
    ...family(['PutBucketReplication', 'DeleteBucketReplication'], 's3:PutReplicationConfiguration'),
    DeleteBucketTagging: ['s3:PutBucketTagging'],
    GetBucketNotificationConfiguration: ['s3:GetBucketNotification'],
    PutBucketNotificationConfiguration: ['s3:PutBucketNotification'],
    GetObjectLockConfiguration: ['s3:GetBucketObjectLockConfiguration'],
    PutObjectLockConfiguration: ['s3:PutBucketObjectLockConfiguration'],
    GetPublicAccessBlock: ['s3:GetBucketPublicAccessBlock'],
    ...family(['PutPublicAccessBlock', 'DeletePublicAccessBlock'], 's3:PutBucketPublicAccessBlock'),
    DeleteBucketOwnershipControls: ['s3:PutBucketOwnershipControls'],
    GetBucketAccelerateConfiguration: ['s3:GetAccelerateConfiguration'],
    PutBucketAccelerateConfiguration: ['s3:PutAccelerateConfiguration'],
    CreateBucketMetadataConfiguration: ['s3:CreateBucketMetadataTableConfiguration'],
    GetBucketMetadataConfiguration: ['s3:GetBucketMetadataTableConfiguration'],
    DeleteBucketMetadataConfiguration: ['s3:DeleteBucketMetadataTableConfiguration'],
    ...configurations('Analytics'),
    ...configurations('Inventory'),
    ...configurations('Metrics'),
    ...configurations('IntelligentTiering'),
  },
  lambda: {
    ...family(['Invoke', 'InvokeWithResponseStream'], 'lambda:InvokeFunction'),
    GetLayerVersionByArn: ['lambda:GetLayerVersion'],
  },
  sqs: {
    SendMessageBatch: ['sqs:SendMessage'],
    DeleteMessageBatch: ['sqs:DeleteMessage'],
    ChangeMessageVisibilityBatch: ['sqs:ChangeMessageVisibility'],
  },
  sns: { PublishBatch: ['sns:Publish'] },
  kms: { ReEncrypt: ['kms:ReEncryptFrom', 'kms:ReEncryptTo'] },
  sts: { GetCallerIdentity: [] },
};
