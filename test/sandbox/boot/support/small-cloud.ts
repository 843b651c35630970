import { CreateTableCommand, DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import dynalite from 'dynalite';
import type { AwsCaller, AwsCredential } from '../../../../sandbox/aws/types.ts';
import type { SandboxParts } from '../../../../sandbox/sandbox-parts.ts';
import type { CfnTemplate } from '../../../../sandbox/template/types.ts';

const HANDLER = { 'postern:entry': 'test/sandbox/boot/support/recording-handler.ts' };
const arnOf = (logicalId: string) => ({ 'Fn::GetAtt': [logicalId, 'Arn'] });
const fn = (name: string, variables: Record<string, string>) => ({
  Type: 'AWS::Lambda::Function',
  Metadata: HANDLER,
  Properties: {
    FunctionName: name,
    Role: arnOf('Role'),
    Timeout: 10,
    Environment: { Variables: variables },
  },
});

/** A template of two functions and a state machine: the least that the composition can be seen with. */
export const SMALL_TEMPLATE: CfnTemplate = {
  Resources: {
    Role: {
      Type: 'AWS::IAM::Role',
      Properties: { RoleName: 'work-role', AssumeRolePolicyDocument: { Statement: [] } },
    },
    Work: fn('postern-work', { CONSOLE_URL: 'https://aws.example', OWN: 'yes' }),
    Close: fn('postern-close-request', { REQUESTS_TABLE: 'postern_requests' }),
    Machine: {
      Type: 'AWS::StepFunctions::StateMachine',
      Properties: {
        StateMachineName: 'access-request',
        RoleArn: arnOf('Role'),
        DefinitionString: JSON.stringify({
          StartAt: 'Work',
          States: { Work: { Type: 'Task', Resource: ['$', '{WorkArn}'].join(''), End: true } },
        }),
        DefinitionSubstitutions: { WorkArn: arnOf('Work') },
      },
    },
  },
};

/** Stand-ins for the AWS endpoint and the edge; `ended` tells in which order they went down. */
export async function makeSmallCloud({ machineMay = 'lambda:InvokeFunction' } = {}) {
  const server = dynalite({ createTableMs: 0 });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  const address = server.address();
  if (!address || typeof address === 'string') throw new Error('dynalite has no port');
  const url = `http://127.0.0.1:${address.port}`;
  const database = new DynamoDBClient({
    endpoint: url,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'AKIATESTER', secretAccessKey: 'secret' },
  });
  const ended: string[] = [];
  const issued: string[] = [];
  const parts: SandboxParts<{ access: string }> = {
    startAws: async () => ({
      url,
      credentials: {
        issueForRole(arn, sessionName): AwsCredential {
          issued.push(`${arn} ${sessionName}`);
          const accessKeyId = `ASIA${sessionName}`;
          const caller: AwsCaller = {
            accountId: '123456789012',
            arn: `arn:aws:sts::123456789012:assumed-role/work-role/${sessionName}`,
            userId: `AROA:${sessionName}`,
            accessKeyId,
            identityPolicies: [
              { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: machineMay, Resource: '*' }] },
            ],
            principalTags: {},
          };
          return { accessKeyId, secretAccessKey: 's', sessionToken: 't', caller };
        },
        add: () => {},
        find: () => undefined,
        all: () => [],
      },
      secrets: { put: () => {} },
      published: () => [],
      queueOf: () => undefined,
      observe: () => () => {},
      meter: () => {},
      time: () => {},
      answerAfter: () => {},
      verify: () => Promise.reject(new Error('unused')),
      mayCall: () => Promise.reject(new Error('unused')),
      close: async () => void ended.push('aws'),
    }),
    startEdge: async () => ({
      url: 'http://127.0.0.1:1',
      consoleUrl: 'http://localhost:1',
      declared: { CONSOLE_URL: 'http://127.0.0.1:1', OPENAI_MODEL: 'not declared' },
      webhooks: { secret: undefined, caught: () => [] },
      tokenUrlOf: () => '',
      factSource: {
        source: 'none',
        audience: 'none',
        key: { kty: 'OKP', crv: 'Ed25519', x: '', d: '', kid: '' },
      },
      slack: { secret: { botToken: 'xoxb-test', signingSecret: 'of-this-test-alone', teamId: 'T0BANK' } },
      added: { SLACK_API_URL: 'http://127.0.0.1:1/slack/api/' },
      close: async () => void ended.push('edge'),
    }),
    seed: async () => ({ access: 'granted' }),
  };
  return {
    parts,
    ended,
    issued,
    async addOpenRequests(...ids: string[]): Promise<void> {
      await database.send(
        new CreateTableCommand({
          TableName: 'postern_requests',
          BillingMode: 'PAY_PER_REQUEST',
          AttributeDefinitions: ['requestId', 'open', 'createdAt'].map((AttributeName) => ({
            AttributeName,
            AttributeType: 'S' as const,
          })),
          KeySchema: [{ AttributeName: 'requestId', KeyType: 'HASH' }],
          GlobalSecondaryIndexes: [
            {
              IndexName: 'byOpen',
              KeySchema: [
                { AttributeName: 'open', KeyType: 'HASH' },
                { AttributeName: 'createdAt', KeyType: 'RANGE' },
              ],
              Projection: { ProjectionType: 'ALL' },
            },
          ],
        }),
      );
      for (const requestId of ids) {
        await database.send(
          new PutItemCommand({
            TableName: 'postern_requests',
            Item: {
              requestId: { S: requestId },
              createdAt: { S: '2026-01-01T00:00:00Z' },
              ...(!requestId.startsWith('closed') && { open: { S: 'open' } }),
            },
          }),
        );
      }
    },
    async close(): Promise<void> {
      database.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
