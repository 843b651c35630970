import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { IAMClient, type IAMClientConfig } from '@aws-sdk/client-iam';
import { KMSClient } from '@aws-sdk/client-kms';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { STSClient } from '@aws-sdk/client-sts';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

/** Milliseconds. A call that hangs must fail well inside the function's own timeout, so that it is retried. */
const limits = { connectionTimeout: 1_000, requestTimeout: 5_000, throwOnRequestTimeout: true };
const options = { maxAttempts: 3, requestHandler: limits };

/**
 * Makes a client at its first use and keeps it: connections outlive an invocation. Each call is marked pure, so
 * that a bundle holds only the clients that its function uses.
 */
function lazily<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

export const documentClient = /* @__PURE__ */ lazily(() =>
  DynamoDBDocumentClient.from(new DynamoDBClient(options), {
    marshallOptions: { removeUndefinedValues: true },
  }),
);
export const stepFunctionsClient = /* @__PURE__ */ lazily(() => new SFNClient(options));
/**
 * One attempt: a repeat after a lost answer could mint a second session for one request. On a connection of its own:
 * one that was kept may have been closed while nothing was said, or while Lambda had the function frozen, and that
 * too leaves in doubt whether there is a session.
 */
export const stsClient = /* @__PURE__ */ lazily(
  () =>
    new STSClient({
      maxAttempts: 1,
      requestHandler: { ...limits, httpAgent: { keepAlive: false }, httpsAgent: { keepAlive: false } },
    }),
);
export const iamClient = /* @__PURE__ */ lazily(() => new IAMClient(options));
/** IAM with keys of another role's: it lives as long as they do. */
export const iamClientWith = (credentials: IAMClientConfig['credentials'] & object): IAMClient =>
  new IAMClient({ ...options, credentials });
export const kmsClient = /* @__PURE__ */ lazily(() => new KMSClient(options));
export const secretsClient = /* @__PURE__ */ lazily(() => new SecretsManagerClient(options));
export const snsClient = /* @__PURE__ */ lazily(() => new SNSClient(options));
export const sqsClient = /* @__PURE__ */ lazily(() => new SQSClient(options));
