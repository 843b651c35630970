import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { ACCOUNT_ID } from '../../demo/place.ts';
import { bundleFunctions } from '../../infra/bundle/bundle-functions.ts';
import type { BootOptions } from '../../sandbox/compose-sandbox.ts';
import { type Cloud, startCloud } from './start-cloud.ts';
import { templateWithChat } from './with-chat.ts';

/** What messages are sealed with. */
export const WORK_SECRET = 'of-this-test-alone-too-and-as-long-as-the-other-that-AWS-makes-us';
const AGENT = 'customer_support_agent';
const AGENT_ROLE = `arn:aws:iam::${ACCOUNT_ID}:role/postern-demo-customer-support-agent`;

/** The bank as `--demo` deploys it with its chat: every function is its deployed bundle, with its own role's keys. */
export async function startChatOnAws(options: BootOptions = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'postern-chat-'));
  await bundleFunctions(folder);
  const cloud: Cloud = await startCloud({
    template: templateWithChat(),
    bundles: folder,
    env: {},
    ...options,
  });
  // What Secrets Manager makes by itself.
  cloud.aws.secrets.put(
    'postern/chat-cookies',
    'of-this-test-alone-and-sixty-four-letters-long-as-AWS-makes-them',
  );
  cloud.aws.secrets.put('postern/chat-work', WORK_SECRET);
  // The agent calls with its role, as bootstrap says on AWS.
  await cloud.database.send(
    new UpdateCommand({
      TableName: 'users_table',
      Key: { id: AGENT },
      UpdateExpression: 'SET awsPrincipals = :roles',
      ExpressionAttributeValues: { ':roles': [AGENT_ROLE] },
    }),
  );
  await cloud.database.send(
    new PutCommand({
      TableName: 'postern_aws_principals',
      Item: { arn: AGENT_ROLE, principalId: AGENT },
    }),
  );
  return {
    ...cloud,
    pages: cloud.urls.chat ?? '',
    socketUrl: cloud.urls.chatSocket ?? '',
    async close(): Promise<void> {
      await cloud.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
export type ChatCloud = Awaited<ReturnType<typeof startChatOnAws>>;
