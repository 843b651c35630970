import { CloudControlClient, GetResourceCommand } from '@aws-sdk/client-cloudcontrol';
import {
  DescribeSecretCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import type { Identified } from './missing-resources.ts';

/** CDK writes its bootstrap's version here. */
const BOOTSTRAP_VERSION = '/cdk-bootstrap/hnb659fds/version';

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
  return {
    region: (): Promise<string> => sts.config.region(),
    account: async (): Promise<string | undefined> =>
      (await sts.send(new GetCallerIdentityCommand({}))).Account,

    isBootstrapped: (): Promise<boolean> =>
      isThere(ssm.send(new GetParameterCommand({ Name: BOOTSTRAP_VERSION })), 'ParameterNotFound'),

    hasSecret: (SecretId: string): Promise<boolean> =>
      isThere(secrets.send(new DescribeSecretCommand({ SecretId })), 'ResourceNotFoundException'),

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
