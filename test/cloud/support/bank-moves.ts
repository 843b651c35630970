import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { makeApiCaller } from '../../../demo/call-api.ts';
import type { DemoPlace } from '../../../demo/demo-place.ts';
import { makeArchiveBucket } from '../../../lambdas/shared/adapters/audit/archive-bucket.ts';
import type { Message } from '../../../sandbox/slack/workspace.ts';
import { BUCKET } from './start-account.ts';
import type { Emulator } from './start-emulator.ts';
import { REGION } from './start-emulator.ts';

/** The API's address as its stack's outputs say it: AWS's own, which this machine does not find by itself. */
export async function apiUrlOf({ root }: Emulator): Promise<string> {
  const stacks = new CloudFormationClient(root);
  const { Stacks = [] } = await stacks.send(new DescribeStacksCommand({ StackName: 'Postern' }));
  const url = Stacks[0]?.Outputs?.find(({ OutputKey }) => OutputKey === 'ApiUrl')?.OutputValue;
  if (!url) throw new Error('the stack has no ApiUrl');
  return url.replace(/\/$/, '');
}

/** Calls the deployed API as one of the demo's principals. */
export function callerOf({ urls, access }: DemoPlace<Message>, id: string) {
  const key = access.principals[id];
  if (!key) throw new Error(`the demo has no principal ${id}`);
  return makeApiCaller(urls.api, key);
}

type Claimed = { credentials?: { accessKeyId: string; secretAccessKey: string; sessionToken: string } };

/** The bank's documents, as a session that was claimed reads them: the text, or the refusal's status. */
export function documentsOf({ endpoint }: Emulator, claimed: Record<string, unknown>) {
  const { credentials } = claimed as Claimed;
  if (!credentials) throw new Error('there is no session');
  const bucket = makeArchiveBucket({
    url: `${endpoint}/${BUCKET}`,
    region: REGION,
    credentials: () => credentials,
  });
  return { read: (key: string) => bucket.get(key).catch((error: Error) => error.message) };
}
