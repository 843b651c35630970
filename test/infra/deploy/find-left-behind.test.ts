import { expect, test } from 'vitest';
import { findLeftBehind } from '../../../infra/deploy/teardown/find-left-behind.ts';
import { PLACE } from './fake-account.ts';

const resources = [
  { Type: 'AWS::DynamoDB::Table', Properties: { TableName: 'postern_audit' } },
  { Type: 'AWS::DynamoDB::Table', Properties: { TableName: 'postern_requests' } },
  { Type: 'AWS::Logs::LogGroup', Properties: { LogGroupName: '/aws/lambda/postern-front-door' } },
  { Type: 'AWS::SecretsManager::Secret', Properties: { Name: 'postern/openai' } },
  { Type: 'AWS::SecretsManager::Secret', Properties: { Name: 'postern/slack' } },
  { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'postern-undelivered' } },
  { Type: 'AWS::S3::Bucket', Properties: {} },
  { Type: 'AWS::Lambda::Function', Properties: { FunctionName: 'postern-front-door' } },
];

test('what a deleted stack left is found by the names of the template, and nothing else is taken for it', async () => {
  const found = await findLeftBehind(resources, PLACE, {
    arnOfSecret: async (name) => (name === 'postern/openai' ? `arn:${name}` : undefined),
    exists: async ({ identifier }) => identifier !== 'postern_requests',
  });
  expect(found.map(({ typeName, identifier }) => `${typeName} ${identifier}`)).toEqual([
    'AWS::DynamoDB::Table postern_audit',
    'AWS::Logs::LogGroup /aws/lambda/postern-front-door',
    'AWS::SecretsManager::Secret arn:postern/openai',
    'AWS::SQS::Queue https://sqs.eu-central-1.amazonaws.com/111122223333/postern-undelivered',
  ]);
});
