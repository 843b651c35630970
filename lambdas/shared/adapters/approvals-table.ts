import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { type Vote, voteSchema } from '../domain/vote.ts';
import { callAws, tryWrite } from './call-aws.ts';

/**
 * The wait that a vote wakes, as request-approval left it. Nobody but the Slack app and it may read this.
 * INVARIANT: its partition key is `tokenKeyOf` its request's; IAM tells tokens from votes by that alone.
 */
export type ApprovalToken = {
  readonly tier: string;
  readonly taskToken: string;
  readonly proposalDigest: string;
  /** Epoch seconds: DynamoDB's TTL. */
  readonly ttl: number;
};

const tokenKeyOf = (requestId: string) => ({ requestId: `token#${requestId}`, item: 'token' });

/**
 * The approvals table: per request one token of the current wait, and one vote a person and proposal.
 * INVARIANT: a vote is written once. A second of the same person on the same proposal changes nothing.
 */
export function makeApprovalsTable(deps: { client: DynamoDBDocumentClient; tableName: string }) {
  const { client, tableName: TableName } = deps;
  return {
    /** Keeps the token of the newest wait: an older one is dead, since every wait has a token of its own. */
    async putToken(requestId: string, token: ApprovalToken): Promise<void> {
      await callAws('approvals table', () =>
        client.send(new PutCommand({ TableName, Item: { ...tokenKeyOf(requestId), ...token } })),
      );
    },

    /** False where this person voted on this proposal before. */
    putVote: (requestId: string, vote: Vote, ttl: number): Promise<boolean> =>
      tryWrite('approvals table', () =>
        client.send(
          new PutCommand({
            TableName,
            Item: { requestId, item: `vote#${vote.proposalDigest}#${vote.person}`, ttl, ...vote },
            ConditionExpression: 'attribute_not_exists(#item)',
            ExpressionAttributeNames: { '#item': 'item' },
          }),
        ),
      ),

    /** Every vote cast on this proposal of the request, oldest first. */
    async listVotes(requestId: string, proposalDigest: string): Promise<Vote[]> {
      const { Items = [] } = await callAws('approvals table', () =>
        client.send(
          new QueryCommand({
            TableName,
            KeyConditionExpression: 'requestId = :request AND begins_with(#item, :votes)',
            ExpressionAttributeNames: { '#item': 'item' },
            ExpressionAttributeValues: { ':request': requestId, ':votes': `vote#${proposalDigest}#` },
            ConsistentRead: true,
          }),
        ),
      );
      const votes = Items.map((item) => voteSchema.parse(item));
      return votes.sort((one, other) => one.votedAt.localeCompare(other.votedAt));
    },
  };
}
export type ApprovalsTable = ReturnType<typeof makeApprovalsTable>;
