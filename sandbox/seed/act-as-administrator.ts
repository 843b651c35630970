import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { ACCOUNT_ID, REGION } from '../../demo/place.ts';
import type { AwsEndpoint } from '../aws-endpoint.ts';
import { newKey } from './demo-keys.ts';

/** Lends `work` a client that may do everything with tables; its key is good for nothing afterwards. */
export async function actAsAdministrator(
  aws: AwsEndpoint,
  work: (client: DynamoDBDocumentClient) => Promise<void>,
): Promise<void> {
  const key = newKey();
  const caller = {
    accountId: ACCOUNT_ID,
    arn: `arn:aws:iam::${ACCOUNT_ID}:user/seed`,
    userId: 'AIDASEED',
    accessKeyId: key.accessKeyId,
    identityPolicies: [
      { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'dynamodb:*', Resource: '*' }] },
    ],
    principalTags: {},
  };
  aws.credentials.add({ ...key, caller });
  const client = new DynamoDBClient({ endpoint: aws.url, region: REGION, credentials: key });
  try {
    await work(DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } }));
  } finally {
    client.destroy();
    aws.credentials.add({ ...key, expiresAt: new Date(0), caller: { ...caller, identityPolicies: [] } });
  }
}
