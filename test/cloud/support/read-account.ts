import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { placeOfArchive } from '../../../lambdas/shared/adapters/audit/place-of-archive.ts';
import type { Emulator } from './start-emulator.ts';

/** The status of Postern's stack; undefined where there is none. */
export async function stackStatusOf({ root }: Emulator): Promise<string | undefined> {
  const { Stacks = [] } = await new CloudFormationClient(root)
    .send(new DescribeStacksCommand({ StackName: 'Postern' }))
    .catch((error: Error) => {
      if (/does not exist/.test(error.message)) return { Stacks: [] };
      throw error;
    });
  // While it compares, CDK makes a stack of nothing but a change set.
  return Stacks.find(({ StackStatus }) => StackStatus !== 'REVIEW_IN_PROGRESS')?.StackStatus;
}

export const readTable = ({ root }: Emulator, TableName: string) =>
  new DynamoDBClient(root).send(new DescribeTableCommand({ TableName }));

/** The archive's address as the stack's outputs say it. */
async function archiveUrlOf({ root }: Emulator): Promise<string> {
  const { Stacks = [] } = await new CloudFormationClient(root).send(
    new DescribeStacksCommand({ StackName: 'Postern' }),
  );
  const url = Stacks[0]?.Outputs?.find(({ OutputKey }) => OutputKey === 'ArchiveUrl')?.OutputValue;
  if (!url) throw new Error('the stack has no ArchiveUrl');
  return url;
}

/** The archive's address for a command: its SDK asks S3 without `fetch`, and so at the emulator's own address. */
export async function archiveAt(emulator: Emulator): Promise<string> {
  const { bucket } = placeOfArchive(await archiveUrlOf(emulator));
  return `${emulator.root.endpoint}/${bucket}`;
}

/** Whether the archive has a record of this request among the newest of a chain. */
export async function isArchived(emulator: Emulator, chain: string, requestId: string): Promise<boolean> {
  const { bucket: Bucket } = placeOfArchive(await archiveUrlOf(emulator));
  const s3 = new S3Client({ ...emulator.root, forcePathStyle: true });
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket, Prefix: `records/${chain}/` }));
  for (const { Key } of Contents.slice(-20)) {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
    if ((await Body?.transformToString())?.includes(requestId)) return true;
  }
  return false;
}
