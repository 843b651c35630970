import { expect, test } from 'vitest';
import { functionEnvironment } from '../../../sandbox/functions/function-environment.ts';
import type { TemplateFunction } from '../../../sandbox/template/types.ts';

const template: TemplateFunction = {
  logicalId: 'X',
  name: 'postern-x',
  arn: 'arn:aws:lambda:eu-central-1:123456789012:function:postern-x',
  entry: 'lambdas/x/handler.ts',
  env: { REQUESTS_TABLE: 'rows', CONSOLE_URL: 'https://aws.example' },
  roleName: 'x',
  timeoutSeconds: 3,
  memoryMb: 256,
};
const keys = { accessKeyId: 'ASIAX', secretAccessKey: 'secret', sessionToken: 'token' };

test("is the template's variables, Lambda's, and the sandbox's addresses for what the template declares", () => {
  const environment = functionEnvironment(template, keys, {
    region: 'eu-central-1',
    awsEndpoint: 'http://127.0.0.1:4781',
    declared: { CONSOLE_URL: 'http://127.0.0.1:4780', OPENAI_BASE_URL: 'http://127.0.0.1:4780/v1' },
    added: { SLACK_API_URL: 'http://127.0.0.1:4780/slack/api/' },
  });
  expect(environment).toEqual({
    REQUESTS_TABLE: 'rows',
    CONSOLE_URL: 'http://127.0.0.1:4780',
    SLACK_API_URL: 'http://127.0.0.1:4780/slack/api/',
    AWS_LAMBDA_FUNCTION_NAME: 'postern-x',
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '256',
    AWS_REGION: 'eu-central-1',
    AWS_DEFAULT_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'ASIAX',
    AWS_SECRET_ACCESS_KEY: 'secret',
    AWS_SESSION_TOKEN: 'token',
    AWS_ENDPOINT_URL: 'http://127.0.0.1:4781',
    AWS_CONFIG_FILE: expect.any(String),
    AWS_SHARED_CREDENTIALS_FILE: expect.any(String),
    AWS_EC2_METADATA_DISABLED: 'true',
    TZ: 'UTC',
  });
});
