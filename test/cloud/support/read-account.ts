import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
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
