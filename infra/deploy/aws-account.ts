import { CloudControlClient, GetResourceCommand } from '@aws-sdk/client-cloudcontrol';
import {
  CloudFormationClient,
  DescribeStacksCommand,
  paginateListStackResources,
} from '@aws-sdk/client-cloudformation';
import {
  GetAccountSettingsCommand,
  GetFunctionConcurrencyCommand,
  LambdaClient,
} from '@aws-sdk/client-lambda';
import {
  DescribeSecretCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import type { Concurrency } from './check-place.ts';
import type { Identified } from './missing-resources.ts';

/** CDK writes its bootstrap's version here. */
const BOOTSTRAP_VERSION = '/cdk-bootstrap/hnb659fds/version';

/** Statuses of a stack whose first deployment failed, or has not begun. */
const NEVER_MADE = ['ROLLBACK_COMPLETE', 'ROLLBACK_FAILED', 'REVIEW_IN_PROGRESS', 'DELETE_COMPLETE'];

/** Where else than the environment says; for tests. */
export type ClientOptions = {
  readonly endpoint?: string;
  readonly region?: string;
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
};

const named = (error: unknown, ...names: string[]) => error instanceof Error && names.includes(error.name);

/** True where the call is answered; false where it says that there is no such thing. */
async function isThere(call: Promise<unknown>, ...absent: string[]): Promise<boolean> {
  try {
    await call;
    return true;
  } catch (error) {
    if (named(error, ...absent)) return false;
    throw error;
  }
}

/** The account that is deployed to, as the checks before a deployment see it. */
export function makeAwsAccount(options: ClientOptions = {}) {
  const sts = new STSClient(options);
  const ssm = new SSMClient(options);
  const secrets = new SecretsManagerClient(options);
  const cloud = new CloudControlClient(options);
  const stacks = new CloudFormationClient(options);
  const lambda = new LambdaClient(options);

  async function stackStatus(): Promise<string | undefined> {
    try {
      const { Stacks = [] } = await stacks.send(new DescribeStacksCommand({ StackName: 'Postern' }));
      return Stacks[0]?.StackStatus;
    } catch (error) {
      // CloudFormation has no error of its own for a stack that is not there.
      if (named(error, 'ValidationError') && /does not exist/.test(String(error))) return undefined;
      throw error;
    }
  }
  async function arnOfSecret(SecretId: string): Promise<string | undefined> {
    try {
      return (await secrets.send(new DescribeSecretCommand({ SecretId }))).ARN;
    } catch (error) {
      if (named(error, 'ResourceNotFoundException')) return undefined;
      throw error;
    }
  }
  async function reservedBy(FunctionName: string): Promise<number> {
    try {
      const { ReservedConcurrentExecutions = 0 } = await lambda.send(
        new GetFunctionConcurrencyCommand({ FunctionName }),
      );
      return ReservedConcurrentExecutions;
    } catch (error) {
      if (named(error, 'ResourceNotFoundException')) return 0;
      throw error;
    }
  }
  return {
    region: (): Promise<string> => sts.config.region(),
    account: async (): Promise<string | undefined> =>
      (await sts.send(new GetCallerIdentityCommand({}))).Account,

    isBootstrapped: (): Promise<boolean> =>
      isThere(ssm.send(new GetParameterCommand({ Name: BOOTSTRAP_VERSION })), 'ParameterNotFound'),

    /** False too where a first deployment failed: what is left of it is an empty stack. */
    async hasDeployment(): Promise<boolean> {
      const status = await stackStatus();
      return status !== undefined && !NEVER_MADE.includes(status);
    },

    /** Ids of the keys that an earlier deployment made. */
    async keys(): Promise<string[]> {
      if ((await stackStatus()) === undefined) return [];
      const ids: string[] = [];
      for await (const page of paginateListStackResources({ client: stacks }, { StackName: 'Postern' }))
        for (const { ResourceType, PhysicalResourceId } of page.StackResourceSummaries ?? [])
          if (ResourceType === 'AWS::KMS::Key' && PhysicalResourceId) ids.push(PhysicalResourceId);
      return ids;
    },

    hasStack: async (): Promise<boolean> => (await stackStatus()) !== undefined,

    async concurrency(): Promise<Concurrency> {
      const { AccountLimit } = await lambda.send(new GetAccountSettingsCommand({}));
      return {
        unreserved: AccountLimit?.UnreservedConcurrentExecutions ?? 0,
        reservedByFrontDoor: await reservedBy('postern-front-door'),
      };
    },

    arnOfSecret,

    hasSecret: async (name: string): Promise<boolean> => (await arnOfSecret(name)) !== undefined,

    putSecret: async (SecretId: string, SecretString: string): Promise<void> => {
      await secrets.send(new PutSecretValueCommand({ SecretId, SecretString }));
    },

    /** An identifier that the service finds malformed names nothing either. */
    exists: ({ typeName: TypeName, identifier: Identifier }: Identified): Promise<boolean> =>
      isThere(
        cloud.send(new GetResourceCommand({ TypeName, Identifier })),
        'ResourceNotFoundException',
        'InvalidRequestException',
      ),
  };
}
export type AwsAccount = ReturnType<typeof makeAwsAccount>;
