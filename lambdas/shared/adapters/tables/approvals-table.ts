import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { GetCommand, PutCommand, QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';
import { type Vote, voteSchema } from '../../domain/vote.ts';
import { callAws, tryWrite } from '../runtime/call-aws.ts';
import { readableRows } from './readable-rows.ts';

const approvalTokenSchema = z.object({
  tier: z.string(),
  taskToken: z.string(),
  proposalDigest: z.string(),
  /** Epoch seconds: DynamoDB's TTL. */
  ttl: z.number(),
});
/**
 * The wait that a vote wakes, as request-approval left it. Nobody but the Slack app and it may read this.
 * INVARIANT: its partition key is `tokenKeyOf` its request's; IAM tells tokens from votes by that alone.
 */
type ApprovalToken = Readonly<z.infer<typeof approvalTokenSchema>>;

/** An approval for a window is a vote, and the request it was cast on. */
const windowSchema = voteSchema.required({ windowOf: true });

const tokenKeyOf = (requestId: string) => ({ requestId: `token#${requestId}`, item: 'token' });

/**
 * The approvals table: per request one token of the current wait, and one vote a person and proposal.
 * INVARIANT: a vote is written once. A second of the same person on the same proposal changes nothing.
 * INVARIANT: what is written is parsed by the schema that reads it. Throws ZodError where it does not fit.
 */
export function makeApprovalsTable(deps: { client: DynamoDBDocumentClient; tableName: string }) {
  const { client, tableName: TableName } = deps;

  /** Votes under a partition key whose sort key begins so, oldest first. A row that is no vote counts as none. */
  async function votesAt(requestId: string, prefix: string): Promise<Vote[]> {
    const { Items = [] } = await callAws('approvals table', () =>
      client.send(
        new QueryCommand({
          TableName,
          KeyConditionExpression: 'requestId = :request AND begins_with(#item, :votes)',
          ExpressionAttributeNames: { '#item': 'item' },
          ExpressionAttributeValues: { ':request': requestId, ':votes': prefix },
          ConsistentRead: true,
        }),
      ),
    );
    const votes = readableRows('approvals', voteSchema, Items, ['requestId', 'item']);
    return votes.sort((left, right) => left.votedAt.localeCompare(right.votedAt));
  }

  return {
    /** Keeps the token of the newest wait: an older one is dead, since every wait has a token of its own. */
    async putToken(requestId: string, token: ApprovalToken): Promise<void> {
      const Item = { ...tokenKeyOf(requestId), ...approvalTokenSchema.parse(token) };
      await callAws('approvals table', () => client.send(new PutCommand({ TableName, Item })));
    },

    /** False where this person voted on this proposal before. */
    async putVote(requestId: string, cast: Vote, ttl: number): Promise<boolean> {
      const vote = voteSchema.parse(cast);
      return tryWrite('approvals table', () =>
        client.send(
          new PutCommand({
            TableName,
            Item: { requestId, item: `vote#${vote.proposalDigest}#${vote.person}`, ttl, ...vote },
            ConditionExpression: 'attribute_not_exists(#item)',
            ExpressionAttributeNames: { '#item': 'item' },
          }),
        ),
      );
    },

    /** Every vote cast on this proposal of the request, oldest first. */
    listVotes: (requestId: string, proposalDigest: string): Promise<Vote[]> =>
      votesAt(requestId, `vote#${proposalDigest}#`),

    /** Gives a vote its reason afterwards, once. False where there is no such vote, or it has one. */
    async putReason(
      requestId: string,
      vote: Pick<Vote, 'proposalDigest' | 'person'>,
      said: string,
    ): Promise<boolean> {
      const reason = voteSchema.shape.reason.parse(said);
      return tryWrite('approvals table', () =>
        client.send(
          new UpdateCommand({
            TableName,
            Key: { requestId, item: `vote#${vote.proposalDigest}#${vote.person}` },
            UpdateExpression: 'SET #reason = :reason',
            ConditionExpression: 'attribute_exists(#item) AND attribute_not_exists(#reason)',
            ExpressionAttributeNames: { '#item': 'item', '#reason': 'reason' },
            ExpressionAttributeValues: { ':reason': reason },
          }),
        ),
      );
    },

    /** Keeps an approval for a window, where other requests for the very same find it. The newest counts. */
    async putWindow(principalId: string, cast: Vote & { windowOf: string }, ttl: number): Promise<boolean> {
      const vote = windowSchema.parse(cast);
      return tryWrite('approvals table', () =>
        client.send(
          new PutCommand({
            TableName,
            Item: {
              requestId: `window#${principalId}`,
              item: `vote#${vote.proposalDigest}#${vote.person}`,
              ttl,
              ...vote,
            },
            ConditionExpression: 'attribute_not_exists(#item) OR votedAt < :at',
            ExpressionAttributeNames: { '#item': 'item' },
            ExpressionAttributeValues: { ':at': vote.votedAt },
          }),
        ),
      );
    },

    /** Approvals given for a window on this very proposal of the principal, whether it is over or not. */
    listWindows: (principalId: string, proposalDigest: string): Promise<Vote[]> =>
      votesAt(`window#${principalId}`, `vote#${proposalDigest}#`),

    /** The current wait's token, while somebody is asked. */
    async getToken(requestId: string): Promise<ApprovalToken | undefined> {
      const { Item } = await callAws('approvals table', () =>
        client.send(new GetCommand({ TableName, Key: tokenKeyOf(requestId), ConsistentRead: true })),
      );
      return Item && approvalTokenSchema.parse(Item);
    },
  };
}
export type ApprovalsTable = ReturnType<typeof makeApprovalsTable>;
