import { expect, test } from 'vitest';
import { findCatalogResources, type Identified } from '../../../infra/deploy/missing-resources.ts';
import { catalogResourceSchema } from '../../../lambdas/shared/domain/catalog/catalog.ts';
import { PLACE } from './fake-account.ts';

const HERE = `${PLACE.region}:${PLACE.account}`;

/** What is looked up of one resource, and what is not. */
async function lookUp(kind: string, arn: string, more: object = {}) {
  const resource = catalogResourceSchema.parse({
    key: 'something',
    kind,
    arns: [arn],
    purpose: 'Something that is brokered',
    sensitivity: 'internal',
    actions: { read: ['any:Read'] },
    maxDurationSeconds: 900,
    ...more,
  });
  const asked: Identified[] = [];
  const unseen = await findCatalogResources([resource], PLACE, {
    made: new Set(['made_with_it']),
    exists: async (found) => asked.push(found) > 0,
  });
  return { asked: asked.map(({ typeName, identifier }) => `${typeName} ${identifier}`), unseen };
}

test.each([
  ['dynamodb-table', `arn:aws:dynamodb:${HERE}:table/orders`, 'AWS::DynamoDB::Table orders'],
  ['dynamodb-index', `arn:aws:dynamodb:${HERE}:table/orders/index/byDay`, 'AWS::DynamoDB::Table orders'],
  ['s3-prefix', 'arn:aws:s3:::lake/raw/', 'AWS::S3::Bucket lake'],
  [
    'sqs-queue',
    `arn:aws:sqs:${HERE}:jobs`,
    `AWS::SQS::Queue https://sqs.eu-central-1.amazonaws.com/${PLACE.account}/jobs`,
  ],
  [
    'secret',
    `arn:aws:secretsmanager:${HERE}:secret:db-AbCdEf`,
    `AWS::SecretsManager::Secret arn:aws:secretsmanager:${HERE}:secret:db-AbCdEf`,
    { wholeArns: true },
  ],
  ['lambda-function', `arn:aws:lambda:${HERE}:function:report:live`, 'AWS::Lambda::Function report'],
  ['log-group', `arn:aws:logs:${HERE}:log-group:/aws/app`, 'AWS::Logs::LogGroup /aws/app'],
  ['kms-key', `arn:aws:kms:${HERE}:key/0b1c`, 'AWS::KMS::Key 0b1c'],
  [
    'cognito-user-pool',
    `arn:aws:cognito-idp:${HERE}:userpool/eu-central-1_Ab1`,
    'AWS::Cognito::UserPool eu-central-1_Ab1',
  ],
] as [string, string, string, object?][])('a %s is looked up by its name', async (kind, arn, asked, more) => {
  expect(await lookUp(kind, arn, more)).toEqual({ asked: [asked], unseen: [] });
});

test.each([
  ['of any kind', 'exact-arns', `arn:aws:ecs:${HERE}:cluster/one`],
  ['of another account', 'dynamodb-table', `arn:aws:dynamodb:${PLACE.region}:999999999999:table/orders`],
  ['a secret without the end of its ARN', 'secret', `arn:aws:secretsmanager:${HERE}:secret:database`],
  ['a secret whose name ends like an ARN', 'secret', `arn:aws:secretsmanager:${HERE}:secret:app-config`],
  ['of another region', 'dynamodb-table', `arn:aws:dynamodb:us-east-1:${PLACE.account}:table/orders`],
])('what is %s is named as not looked for', async (_, kind, arn) => {
  expect(await lookUp(kind, arn)).toEqual({ asked: [], unseen: [arn] });
});

test('what the deployment itself makes need not be there before it', async () => {
  const arn = `arn:aws:dynamodb:${HERE}:table/made_with_it`;
  expect(await lookUp('dynamodb-table', arn)).toEqual({ asked: [], unseen: [] });
});
