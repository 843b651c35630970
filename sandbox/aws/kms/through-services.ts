import type { Authorization } from '../authorize.ts';
import type { AwsService, PolicyDocument } from '../types.ts';

const READS = ['kms:Decrypt'];
const WRITES = ['kms:GenerateDataKey'];
const BOTH = ['kms:GenerateDataKey', 'kms:Decrypt'];

/**
 * What a service does with the key of an encrypted resource, for whoever calls it, by the call's action.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html
 * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html
 */
const ON_KEY: Readonly<Record<string, readonly string[]>> = {
  's3:GetObject': READS,
  's3:GetObjectVersion': READS,
  's3:PutObject': WRITES,
  'sqs:SendMessage': BOTH,
  'sqs:ReceiveMessage': READS,
  'secretsmanager:GetSecretValue': READS,
  'secretsmanager:PutSecretValue': BOTH,
  'dynamodb:GetItem': READS,
  'dynamodb:BatchGetItem': READS,
  'dynamodb:Query': READS,
  'dynamodb:Scan': READS,
  'dynamodb:PutItem': READS,
  'dynamodb:UpdateItem': READS,
  'dynamodb:DeleteItem': READS,
  'dynamodb:BatchWriteItem': READS,
};

export type EncryptionKey = { readonly arn: string; readonly policy: PolicyDocument };

/**
 * A service whose encrypted resources also take the use of their key, by the caller and through the service:
 * `kms:ViaService` says so, and no call to KMS itself can.
 */
export function throughKeys(
  service: AwsService,
  keyOf: (resource: string) => EncryptionKey | undefined,
  { region, accountId }: { region: string; accountId: string },
): AwsService {
  const context = {
    'kms:ViaService': `${service.name}.${region}.amazonaws.com`,
    'kms:CallerAccount': accountId,
  };
  const needsOfKey = ({ action, resource }: Authorization): Authorization[] => {
    const actions = ON_KEY[action] ?? [];
    const key = actions.length > 0 ? keyOf(resource) : undefined;
    if (!key) return [];
    return actions.map((each) => ({ action: each, resource: key.arn, context, resourcePolicy: key.policy }));
  };
  return {
    ...service,
    // Looked up at each call: a test may put a fault in its place.
    handle: (call) => service.handle(call),
    authorizations(call) {
      const own = service.authorizations(call);
      return [...own, ...own.flatMap(needsOfKey)];
    },
  };
}
