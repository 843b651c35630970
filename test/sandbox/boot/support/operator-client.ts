import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { AwsEndpoint } from '../../../../sandbox/aws-endpoint.ts';

const KEYS = { accessKeyId: 'AKIAOPERATOR00000000', secretAccessKey: 'operator-secret' };

/** The tables as an operator who may do everything sees them. */
export function operatorClient(aws: AwsEndpoint): DynamoDBDocumentClient {
  aws.credentials.add({
    ...KEYS,
    caller: {
      accountId: '123456789012',
      arn: 'arn:aws:iam::123456789012:user/operator',
      userId: 'AIDAOPERATOR',
      accessKeyId: KEYS.accessKeyId,
      identityPolicies: [
        { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] },
      ],
      principalTags: {},
    },
  });
  return DynamoDBDocumentClient.from(
    new DynamoDBClient({ endpoint: aws.url, region: 'eu-central-1', credentials: KEYS }),
  );
}
