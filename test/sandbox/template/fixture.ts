// biome-ignore-all lint/suspicious/noTemplateCurlyInString: CloudFormation writes its references like that.
import type { CfnTemplate } from '../../../sandbox/template/types.ts';

const arnOf = (logicalId: string) => ({ 'Fn::GetAtt': [logicalId, 'Arn'] });

/** A small template in CDK's own style: one of each kind the sandbox serves, and some it does not. */
export const FIXTURE: CfnTemplate = {
  Parameters: {
    BootstrapVersion: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/cdk-bootstrap/x/version' },
    OpenAiModel: { Type: 'String', Default: 'gpt-x' },
  },
  Conditions: {
    HasWaf: { 'Fn::Equals': [{ Ref: 'AWS::Region' }, 'nowhere'] },
    IsAws: { 'Fn::Not': [{ Condition: 'HasWaf' }] },
  },
  Resources: {
    Rows: {
      Type: 'AWS::DynamoDB::Table',
      Properties: {
        TableName: 'postern_requests',
        KeySchema: [{ AttributeName: 'requestId', KeyType: 'HASH' }],
        AttributeDefinitions: [{ AttributeName: 'requestId', AttributeType: 'S' }],
        BillingMode: 'PAY_PER_REQUEST',
        PointInTimeRecoverySpecification: {
          'Fn::If': ['HasWaf', { PointInTimeRecoveryEnabled: true }, { Ref: 'AWS::NoValue' }],
        },
      },
    },
    Key: { Type: 'AWS::KMS::Key', Properties: { KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' } },
    KeyAlias: {
      Type: 'AWS::KMS::Alias',
      Properties: { AliasName: 'alias/postern-seal', TargetKeyId: arnOf('Key') },
    },
    Secret: { Type: 'AWS::SecretsManager::Secret', Properties: { Name: 'postern/openai' } },
    WorkRole: {
      Type: 'AWS::IAM::Role',
      Properties: {
        AssumeRolePolicyDocument: {
          Version: '2012-10-17',
          Statement: [
            {
              Effect: 'Allow',
              Principal: { Service: 'lambda.amazonaws.com' },
              Action: 'sts:AssumeRole',
              Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
            },
          ],
        },
        ManagedPolicyArns: [
          { Ref: 'Shared' },
          {
            'Fn::Join': [
              '',
              [
                'arn:',
                { Ref: 'AWS::Partition' },
                ':iam::aws:policy/service-role/AWSLambdaBasicExecutionRole',
              ],
            ],
          },
        ],
        Policies: [
          {
            PolicyName: 'inline',
            PolicyDocument: {
              Statement: [{ Effect: 'Allow', Action: 'dynamodb:GetItem', Resource: arnOf('Rows') }],
            },
          },
        ],
      },
    },
    Attached: {
      Type: 'AWS::IAM::Policy',
      Properties: {
        PolicyName: 'attached',
        PolicyDocument: {
          Statement: [{ Effect: 'Allow', Action: 'kms:GenerateMac', Resource: arnOf('Key') }],
        },
        Roles: [{ Ref: 'WorkRole' }],
      },
    },
    Shared: {
      Type: 'AWS::IAM::ManagedPolicy',
      Properties: { PolicyDocument: { Statement: [{ Effect: 'Deny', Action: 'iam:*', Resource: '*' }] } },
    },
    Work: {
      Type: 'AWS::Lambda::Function',
      Metadata: { 'postern:entry': 'lambdas/load-policy/handler.ts' },
      Properties: {
        FunctionName: 'postern-load-policy',
        Role: arnOf('WorkRole'),
        Timeout: 10,
        MemorySize: 256,
        Environment: {
          Variables: {
            REQUESTS_TABLE: { Ref: 'Rows' },
            SEAL_KEY_ID: arnOf('Key'),
            OPENAI_SECRET_ID: { Ref: 'Secret' },
            OPENAI_MODEL: { Ref: 'OpenAiModel' },
            WHERE: { 'Fn::Sub': 'arn:${AWS::Partition}:x:${AWS::Region}:${Rows.Arn}:${!kept}' },
            PART: { 'Fn::Select': [1, { 'Fn::Split': ['_', { Ref: 'Rows' }] }] },
            RETRIES: 3,
          },
        },
      },
    },
    CdkHelper: {
      Type: 'AWS::Lambda::Function',
      Properties: { Role: arnOf('WorkRole'), Runtime: 'nodejs24.x' },
    },
    Live: {
      Type: 'AWS::Lambda::Alias',
      Properties: { FunctionName: { Ref: 'Work' }, Name: 'live', FunctionVersion: '1' },
    },
    Machine: {
      Type: 'AWS::StepFunctions::StateMachine',
      Properties: {
        StateMachineName: 'access-request',
        RoleArn: arnOf('WorkRole'),
        DefinitionString:
          '{"StartAt":"Work","States":{"Work":{"Type":"Task","Resource":"${WorkFunctionArn}","End":true}}}',
        DefinitionSubstitutions: { WorkFunctionArn: { Ref: 'Live' } },
      },
    },
    Api: { Type: 'AWS::ApiGateway::RestApi', Properties: { Name: 'postern' } },
    Requests: {
      Type: 'AWS::ApiGateway::Resource',
      Properties: {
        ParentId: { 'Fn::GetAtt': ['Api', 'RootResourceId'] },
        PathPart: 'requests',
        RestApiId: { Ref: 'Api' },
      },
    },
    OneRequest: {
      Type: 'AWS::ApiGateway::Resource',
      Properties: { ParentId: { Ref: 'Requests' }, PathPart: '{id}', RestApiId: { Ref: 'Api' } },
    },
    GetOne: {
      Type: 'AWS::ApiGateway::Method',
      Properties: {
        HttpMethod: 'GET',
        AuthorizationType: 'AWS_IAM',
        ResourceId: { Ref: 'OneRequest' },
        RestApiId: { Ref: 'Api' },
        Integration: {
          Type: 'AWS_PROXY',
          Uri: {
            'Fn::Join': [
              '',
              [
                'arn:aws:apigateway:',
                { Ref: 'AWS::Region' },
                ':lambda:path/2015-03-31/functions/',
                { Ref: 'Live' },
                '/invocations',
              ],
            ],
          },
        },
      },
    },
    RootOptions: {
      Type: 'AWS::ApiGateway::Method',
      Properties: {
        HttpMethod: 'OPTIONS',
        ResourceId: { 'Fn::GetAtt': ['Api', 'RootResourceId'] },
        Integration: { Type: 'MOCK' },
      },
    },
    Waf: {
      Type: 'AWS::WAFv2::WebACL',
      Condition: 'HasWaf',
      Properties: { X: { 'Fn::Cidr': ['10.0.0.0/16', 2, 8] } },
    },
  },
  Outputs: {
    ApiUrl: { Value: { 'Fn::Sub': 'https://${Api}.execute-api.${AWS::Region}.${AWS::URLSuffix}/v1/' } },
    Waf: { Condition: 'HasWaf', Value: { Ref: 'Waf' } },
  },
};
