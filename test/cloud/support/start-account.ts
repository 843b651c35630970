import { join } from 'node:path';
import {
  CloudFormationClient,
  CreateStackCommand,
  waitUntilStackCreateComplete,
} from '@aws-sdk/client-cloudformation';
import {
  CognitoIdentityProviderClient,
  ListUserPoolsCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { makeArchiveBucket } from '../../../lambdas/shared/adapters/audit/archive-bucket.ts';
import { configure } from './configure.ts';
import { makeTrail } from './make-trail.ts';
import { runCommand } from './run-command.ts';
import { ACCOUNT, type Emulator, REGION, ROOT, startEmulator } from './start-emulator.ts';
import { type Outside, startOutside } from './start-outside.ts';

/** The organisation's own bucket, with a document that is brokered and one that is not. */
export const BUCKET = 'bank-documents';
export const DOCUMENTS = { brokered: 'statements/2026-q3.txt', other: 'minutes/2026-11.txt' };

async function makeBucket({ root, endpoint }: Emulator): Promise<void> {
  const stacks = new CloudFormationClient(root);
  const Resources = { Bucket: { Type: 'AWS::S3::Bucket', Properties: { BucketName: BUCKET } } };
  await stacks.send(
    new CreateStackCommand({ StackName: 'Bank', TemplateBody: JSON.stringify({ Resources }) }),
  );
  await waitUntilStackCreateComplete({ client: stacks, maxWaitTime: 60 }, { StackName: 'Bank' });
  const bucket = makeArchiveBucket({ url: `${endpoint}/${BUCKET}`, region: REGION, credentials: () => ROOT });
  for (const key of Object.values(DOCUMENTS)) await bucket.putOnce(key, key);
}

/** What an operator has in hand: an account, with the commands of docs/deploy.md to be run in it. */
export type Account = {
  readonly emulator: Emulator;
  readonly outside: Outside;
  /** The folder of the configuration that is deployed. */
  readonly config: string;
  /** Says where Slack finds the app: an operator enters it in Slack once it is deployed. */
  setSlackUrl(url: string): void;
  /** Runs one of the project's npm scripts as the account's administrator, with the secrets' variables. */
  run(script: string, ...args: string[]): ReturnType<typeof runCommand>;
  /** The same, with more in its environment. */
  runIn(more: NodeJS.ProcessEnv, script: string, ...args: string[]): ReturnType<typeof runCommand>;
  close(): Promise<void>;
};

/** An empty account with a trail, the bank's own bucket and user pool, bootstrapped for CDK, and the world about it. */
export async function startAccount({ tierSeconds }: { tierSeconds: number }): Promise<Account> {
  const app = { slackUrl: '' };
  const outside = await startOutside(() => app.slackUrl);
  const { hosts, slackApiUrl } = outside;
  const emulator = await startEmulator({ hosts, slackApiUrl, concurrency: 1000 });
  const config = join(emulator.folder, 'config');
  const { botToken, signingSecret, teamId } = outside.slack.secret;
  const env = {
    ...emulator.env,
    POSTERN_CONFIG_DIR: config,
    OPENAI_API_KEY: 'sk-of-this-test',
    SLACK_BOT_TOKEN: botToken,
    SLACK_SIGNING_SECRET: signingSecret,
    SLACK_TEAM_ID: teamId,
  };
  const run = (script: string, ...args: string[]) => runIn({}, script, ...args);
  const runIn: Account['runIn'] = (more, script, ...args) =>
    runCommand('npm', ['run', '--silent', script, '--', ...args], { env: { ...env, ...more } });

  const cdk = await runCommand('npx', ['cdk', 'bootstrap', `aws://${ACCOUNT}/${REGION}`], { env });
  if (cdk.status !== 0) throw new Error(cdk.output);
  await makeBucket(emulator);
  await makeTrail(emulator, 'management-events');
  await run('bootstrap', '--demo');
  const pools = new CognitoIdentityProviderClient(emulator.root);
  const { UserPools = [] } = await pools.send(new ListUserPoolsCommand({ MaxResults: 10 }));
  const poolId = UserPools.find(({ Name }) => Name === 'PosternBank')?.Id ?? '';
  configure({ folder: config, poolId, bucket: BUCKET }, tierSeconds);
  return {
    emulator,
    outside,
    config,
    run,
    runIn,
    setSlackUrl(url) {
      app.slackUrl = url;
    },
    async close() {
      await emulator.close();
      await outside.close();
    },
  };
}
