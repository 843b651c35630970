import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { IAMClient } from '@aws-sdk/client-iam';
import { KMSClient } from '@aws-sdk/client-kms';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SNSClient } from '@aws-sdk/client-sns';
import { STSClient } from '@aws-sdk/client-sts';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

/** Milliseconds. A call that hangs must fail well inside the function's own timeout, so that it is retried. */
const limits = { connectionTimeout: 1_000, requestTimeout: 5_000, throwOnRequestTimeout: true };
const options = { maxAttempts: 3, requestHandler: limits };

/** Makes a client at its first use and keeps it: connections outlive an invocation. */
function lazily<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

export const documentClient = lazily(() =>
  DynamoDBDocumentClient.from(new DynamoDBClient(options), {
    marshallOptions: { removeUndefinedValues: true },
  }),
);
export const stepFunctionsClient = lazily(() => new SFNClient(options));
/** One attempt: a repeat after a lost answer could mint a second session for one request. */
export const stsClient = lazily(() => new STSClient({ ...options, maxAttempts: 1 }));
export const iamClient = lazily(() => new IAMClient(options));
export const kmsClient = lazily(() => new KMSClient(options));
export const secretsClient = lazily(() => new SecretsManagerClient(options));
export const snsClient = lazily(() => new SNSClient(options));
