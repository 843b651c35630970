import { describe, expect, test } from 'vitest';
import { resolveTemplate } from '../../../sandbox/template/resolve-template.ts';
import type { CfnTemplate, CfnValue } from '../../../sandbox/template/types.ts';
import { FIXTURE } from './fixture.ts';

const PLACE = { accountId: '123456789012', region: 'eu-central-1' };
const resolved = resolveTemplate(FIXTURE, PLACE);

describe('resolveTemplate', () => {
  test('gives a table its properties, without what AWS::NoValue takes away', () => {
    expect(resolved.tables).toEqual([
      {
        logicalId: 'Rows',
        name: 'postern_requests',
        arn: 'arn:aws:dynamodb:eu-central-1:123456789012:table/postern_requests',
        properties: {
          TableName: 'postern_requests',
          KeySchema: [{ AttributeName: 'requestId', KeyType: 'HASH' }],
          AttributeDefinitions: [{ AttributeName: 'requestId', AttributeType: 'S' }],
          BillingMode: 'PAY_PER_REQUEST',
        },
      },
    ]);
  });

  test('gives our functions their environment, with references resolved, and leaves out helpers of CDK', () => {
    expect(resolved.functions).toEqual([
      {
        logicalId: 'Work',
        name: 'postern-load-policy',
        arn: 'arn:aws:lambda:eu-central-1:123456789012:function:postern-load-policy',
        entry: 'lambdas/load-policy/handler.ts',
        env: {
          REQUESTS_TABLE: 'postern_requests',
          SEAL_KEY_ID: resolved.keys[0]?.arn,
          OPENAI_SECRET_ID: resolved.secrets[0]?.arn,
          OPENAI_MODEL: 'gpt-x',
          WHERE: `arn:aws:x:eu-central-1:${resolved.tables[0]?.arn}:\${kept}`,
          PART: 'requests',
          RETRIES: '3',
        },
        roleName: 'postern-WorkRole',
        timeoutSeconds: 10,
        memoryMb: 256,
      },
    ]);
  });

  test("gathers a role's trust and every policy that is its own", () => {
    expect(resolved.roles).toEqual([
      expect.objectContaining({
        name: 'postern-WorkRole',
        arn: 'arn:aws:iam::123456789012:role/postern-WorkRole',
        id: expect.stringMatching(/^AROA[0-9A-F]{17}$/),
        maxSessionSeconds: 3600,
        managedPolicyArns: ['arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole'],
        trust: expect.objectContaining({
          Statement: [
            expect.objectContaining({ Condition: { StringEquals: { 'aws:SourceAccount': '123456789012' } } }),
          ],
        }),
      }),
    ]);
    expect(resolved.roles[0]?.policies.map(({ name }) => name)).toEqual(['inline', 'attached', 'managed']);
  });

  test('names keys, their aliases and secrets as AWS does', () => {
    expect(resolved.keys).toEqual([
      {
        logicalId: 'Key',
        id: expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
        arn: expect.stringMatching(/^arn:aws:kms:eu-central-1:123456789012:key\/[0-9a-f-]{36}$/),
        aliases: ['alias/postern-seal'],
        spec: 'HMAC_256',
        usage: 'GENERATE_VERIFY_MAC',
      },
    ]);
    expect(resolved.secrets).toEqual([
      {
        logicalId: 'Secret',
        name: 'postern/openai',
        arn: expect.stringMatching(/:secret:postern\/openai-[0-9a-f]{6}$/),
      },
    ]);
  });

  test('applies substitutions to the definition', () => {
    expect(resolved.stateMachines).toEqual([
      {
        name: 'access-request',
        arn: 'arn:aws:states:eu-central-1:123456789012:stateMachine:access-request',
        roleArn: 'arn:aws:iam::123456789012:role/postern-WorkRole',
        definition: {
          StartAt: 'Work',
          States: {
            Work: { Type: 'Task', Resource: `${resolved.functions[0]?.arn}:live`, End: true },
          },
        },
      },
    ]);
  });

  test('maps routes to functions by their whole path', () => {
    expect(resolved.routes).toEqual([
      {
        method: 'GET',
        path: '/requests/{id}',
        functionName: 'postern-load-policy',
        authorization: 'AWS_IAM',
      },
    ]);
  });

  test('answers the outputs that stand', () => {
    expect(resolved.outputs).toEqual({
      ApiUrl: 'https://sandbox.execute-api.eu-central-1.amazonaws.com/v1/',
    });
  });

  test('is the same at every boot, and another in another account', () => {
    expect(resolveTemplate(FIXTURE, PLACE)).toEqual(resolved);
    const elsewhere = resolveTemplate(FIXTURE, { ...PLACE, accountId: '210987654321' });
    expect(JSON.stringify(elsewhere)).not.toContain('123456789012');
  });

  test('takes parameters from its caller', () => {
    const { functions } = resolveTemplate(FIXTURE, { ...PLACE, parameters: { OpenAiModel: 'gpt-y' } });
    expect(functions[0]?.env.OPENAI_MODEL).toBe('gpt-y');
  });
});

describe('what the sandbox does not know it refuses', () => {
  const withEnv = (value: CfnValue): CfnTemplate => ({
    ...FIXTURE,
    Resources: {
      ...FIXTURE.Resources,
      Odd: { Type: 'AWS::DynamoDB::Table', Properties: { TableName: 'odd', X: value } },
    },
  });

  test.each<[string, CfnValue]>([
    ['Fn::ImportValue', { 'Fn::ImportValue': 'other' }],
    ['no resource Missing', { Ref: 'Missing' }],
    ['no attribute Nope of Rows', { 'Fn::GetAtt': ['Rows', 'Nope'] }],
    ['no condition Missing', { 'Fn::If': ['Missing', 1, 2] }],
  ])('%s', (message, value) => {
    expect(() => resolveTemplate(withEnv(value), PLACE)).toThrow(message);
  });

  test('a placeholder of the definition without a substitution', () => {
    const machine = FIXTURE.Resources.Machine;
    const template = {
      ...FIXTURE,
      Resources: {
        ...FIXTURE.Resources,
        Machine: {
          Type: 'AWS::StepFunctions::StateMachine',
          Properties: { ...machine?.Properties, DefinitionSubstitutions: {} },
        },
      },
    };
    expect(() => resolveTemplate(template, PLACE)).toThrow('WorkFunctionArn');
  });
});
