import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  CloudFormationClient,
  CreateStackCommand,
  waitUntilStackCreateComplete,
} from '@aws-sdk/client-cloudformation';
import {
  CreateAccessKeyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  IAMClient,
  PutRolePolicyCommand,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { synthesise } from '../../../sandbox/template/synthesise.ts';
import { type Acting, brokersPart } from './brokers-part.ts';
import { ACCOUNT, type Emulator, REGION, ROOT, startEmulator } from './start-emulator.ts';

/** The account of the catalog's treasury. */
export const TREASURY = '444455556666';
export const DEPLOY_ROLE = 'PosternDeploy';
const DEPLOYER = 'deployer';

type Keys = {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
};

/** What docs/deploy.md says that a deployRole needs, and no more. */
function documentedPolicy(account: string): string {
  const [, statements = ''] =
    /it needs no more than:\n\n```json\n([\s\S]*?)\n```/.exec(readFileSync('docs/deploy.md', 'utf8')) ?? [];
  const Statement = JSON.parse(statements.replaceAll(TREASURY, account)) as object[];
  return JSON.stringify({ Version: '2012-10-17', Statement });
}

/** A user of the broker's account who may do anything there: whoever deploys. */
async function makeDeployer(iam: IAMClient, UserName: string): Promise<Keys> {
  await iam.send(new CreateUserCommand({ UserName }));
  const Statement = [{ Effect: 'Allow', Action: '*', Resource: '*' }];
  await iam.send(
    new PutUserPolicyCommand({
      ...{ UserName, PolicyName: 'all' },
      PolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement }),
    }),
  );
  const { AccessKey: key } = await iam.send(new CreateAccessKeyCommand({ UserName }));
  return { accessKeyId: key?.AccessKeyId ?? '', secretAccessKey: key?.SecretAccessKey ?? '' };
}

/** The broker's account with its part of the template, another with nothing but its deployRole, and who deploys. */
export async function startTwoAccounts() {
  const emulator = await startEmulator({ hosts: {}, slackApiUrl: '', concurrency: 1000 });
  try {
    return { emulator, ...(await prepare(emulator)), close: emulator.close };
  } catch (error) {
    // Whoever would close it has not been told of it.
    await emulator.close();
    throw error;
  }
}

async function prepare(emulator: Emulator) {
  const config = join(emulator.folder, 'config');
  cpSync('config', config, { recursive: true });
  const file = join(config, 'catalog.json');
  const catalog = JSON.parse(readFileSync(file, 'utf8')) as { accounts: { deployRole?: string }[] };
  for (const account of catalog.accounts) account.deployRole = DEPLOY_ROLE;
  writeFileSync(file, JSON.stringify(catalog));

  const iam = new IAMClient(emulator.root);
  const deployer = await makeDeployer(iam, DEPLOYER);
  const other = await makeDeployer(iam, 'somebody-else');
  await deployBrokersPart(emulator, config);
  await makeDeployRole(emulator, TREASURY);
  return { config, deployer, other };
}

/** Options of an SDK client that acts as the root of another account. */
export const rootOf = ({ endpoint }: Emulator, account: string) => ({
  ...{ endpoint, region: REGION, forcePathStyle: true },
  credentials: { ...ROOT, accessKeyId: account },
});

/** The role that whoever administers an account makes for Postern's deployments, as docs/deploy.md has it. */
export async function makeDeployRole(emulator: Emulator, account: string): Promise<void> {
  const iam = new IAMClient(rootOf(emulator, account));
  const trust = {
    Version: '2012-10-17',
    Statement: [
      {
        ...{ Effect: 'Allow', Action: 'sts:AssumeRole' },
        Principal: { AWS: `arn:aws:iam::${ACCOUNT}:user/${DEPLOYER}` },
      },
    ],
  };
  await iam.send(
    new CreateRoleCommand({ RoleName: DEPLOY_ROLE, AssumeRolePolicyDocument: JSON.stringify(trust) }),
  );
  await iam.send(
    new PutRolePolicyCommand({
      ...{ RoleName: DEPLOY_ROLE, PolicyName: 'deploys' },
      PolicyDocument: documentedPolicy(account),
    }),
  );
}

async function deployBrokersPart({ root }: Emulator, config: string): Promise<void> {
  const client = new CloudFormationClient(root);
  const StackName = 'Postern';
  await client.send(
    new CreateStackCommand({
      ...{ StackName, TemplateBody: brokersPart(await synthesise(config)) },
      Capabilities: ['CAPABILITY_NAMED_IAM'],
    }),
  );
  await waitUntilStackCreateComplete(
    { client, maxWaitTime: 60, minDelay: 0.2, maxDelay: 0.5 },
    { StackName },
  );
}

/** The environment of a deployed function, with the keys of its role. */
export async function environmentOf({ root }: Emulator, FunctionName: Acting) {
  const { Payload, FunctionError } = await new LambdaClient(root).send(new InvokeCommand({ FunctionName }));
  const answered = Buffer.from(Payload ?? []).toString();
  if (FunctionError) throw new Error(answered);
  return JSON.parse(answered) as Record<string, string>;
}

export const keysIn = (env: Record<string, string>): Keys => ({
  accessKeyId: env.AWS_ACCESS_KEY_ID ?? '',
  secretAccessKey: env.AWS_SECRET_ACCESS_KEY ?? '',
  sessionToken: env.AWS_SESSION_TOKEN ?? '',
});
