import { actionFactsOf, type IamData } from '../data/iam-data.ts';
import { ACTION_OF_EVENT } from './event-names.ts';

/** More of them that are no call of a brokered session. */
const MORE: Readonly<Record<string, string>> = {
  's3:ListBuckets': 's3:ListAllMyBuckets',
  's3:GetBucketEncryption': 's3:GetEncryptionConfiguration',
  's3:PutBucketEncryption': 's3:PutEncryptionConfiguration',
  's3:DeleteBucketEncryption': 's3:PutEncryptionConfiguration',
  's3:GetBucketLifecycle': 's3:GetLifecycleConfiguration',
  's3:PutBucketLifecycle': 's3:PutLifecycleConfiguration',
  's3:DeleteBucketLifecycle': 's3:PutLifecycleConfiguration',
  's3:GetBucketReplication': 's3:GetReplicationConfiguration',
  's3:PutBucketReplication': 's3:PutReplicationConfiguration',
  's3:DeleteBucketReplication': 's3:PutReplicationConfiguration',
  's3:GetBucketCors': 's3:GetBucketCORS',
  's3:PutBucketCors': 's3:PutBucketCORS',
  's3:DeleteBucketCors': 's3:PutBucketCORS',
  's3:DeleteBucketTagging': 's3:PutBucketTagging',
  's3:GetObjectLockConfiguration': 's3:GetBucketObjectLockConfiguration',
  's3:PutObjectLockConfiguration': 's3:PutBucketObjectLockConfiguration',
  's3:GetPublicAccessBlock': 's3:GetBucketPublicAccessBlock',
  's3:PutPublicAccessBlock': 's3:PutBucketPublicAccessBlock',
  's3:DeletePublicAccessBlock': 's3:PutBucketPublicAccessBlock',
  's3:CopyObject': 's3:PutObject',
  'dynamodb:TransactGetItems': 'dynamodb:GetItem',
  'lambda:InvokeWithResponseStream': 'lambda:InvokeFunction',
};

/** How a service is named in events, where its actions are named otherwise. */
const SERVICE_OF_SOURCE: Readonly<Record<string, string>> = {
  monitoring: 'cloudwatch',
  email: 'ses',
  tagging: 'tag',
  dynamodbstreams: 'dynamodb',
  'streams.dynamodb': 'dynamodb',
  'api.ecr': 'ecr',
  'api.sagemaker': 'sagemaker',
  'runtime.sagemaker': 'sagemaker',
  'bedrock-runtime': 'bedrock',
  'bedrock-agent': 'bedrock',
  'data.iot': 'iot',
  iotdata: 'iot',
  'models.lex': 'lex',
  'runtime.lex': 'lex',
  'metering.marketplace': 'aws-marketplace',
  'entitlement.marketplace': 'aws-marketplace',
  'data.mediastore': 'mediastore',
  opensearch: 'es',
};

/** Lambda and CloudFront write the API's version behind the name: `CreateFunction20150331`, `GetFunction20150331v2`. */
const VERSION = /(?:20\d{2}_?\d{2}_?\d{2})(?:v\d+)?$/;

/**
 * The action that allows the call which an event tells of; the service alone where the event's name is none of its
 * actions (API Gateway's are verbs); undefined where IAM has no such service, as for signing in.
 */
export function actionOfEvent(
  { source, name }: { readonly source: string; readonly name: string },
  data: IamData,
): string | undefined {
  const host = source.toLowerCase().replace(/\.amazonaws\.com(?:\.cn)?$/, '');
  const service = SERVICE_OF_SOURCE[host] ?? host;
  const known = data.services.has(service) ? data.serviceOf(service) : undefined;
  if (!known) return undefined;
  const plain = name.replace(VERSION, '');
  const full = `${service}:${plain}`;
  const action = ACTION_OF_EVENT[full] ?? MORE[full] ?? full;
  return actionFactsOf(service, known).get(action.slice(service.length + 1).toLowerCase())?.name ?? service;
}
