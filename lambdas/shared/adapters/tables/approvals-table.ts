import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import {
  GetCommand,
  PutCommand,
  type PutCommandInput,
  QueryCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
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

type Key = { readonly requestId: string; readonly item: string };
type Condition = Pick<
  PutCommandInput,
  'ConditionExpression' | 'ExpressionAttributeNames' | 'ExpressionAttributeValues'
>;

const itemOf = ({ proposalDigest, person }: Pick<Vote, 'proposalDigest' | 'person'>): string =>
  `vote#${proposalDigest}#${person}`;

/**
 * The condition that the fields a vote is read from are as they were, so that no vote is ever written over. What is no
 * scalar needs only be there: the ballot's digest beside it tells what two votes hold apart.
 */
function asItWasRead(row: Readonly<Record<string, unknown>>): Condition {
  const fields = Object.keys(voteSchema.shape);
  const isScalar = (field: string) => ['string', 'number', 'boolean'].includes(typeof row[field]);
  const conditionOn = (field: string): string => {
    if (isScalar(field)) return `#${field} = :${field}`;
    return `attribute_${row[field] === undefined ? 'not_exists' : 'exists'}(#${field})`;
  };
  const values = fields.filter(isScalar).map((field) => [`:${field}`, row[field]]);
  return {
    ConditionExpression: fields.map(conditionOn).join(' AND '),
    ExpressionAttributeNames: Object.fromEntries(fields.map((field) => [`#${field}`, field])),
    ...(values.length > 0 && { ExpressionAttributeValues: Object.fromEntries(values) }),
  };
}

const tokenKeyOf = (requestId: string) => ({ requestId: `token#${requestId}`, item: 'token' });

/**
 * The approvals table: per request one token of the current wait, and one vote a person and proposal.
 * INVARIANT: a vote is written once. A second of the same person on the same proposal changes nothing. Only a row that
 * no vote can be read from is written over: it counts as none, and stops nobody from voting.
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

  /** The condition that a row is still the one that no vote could be read from; undefined where it can be. */
  async function unreadable({ requestId, item }: Key) {
    const { Items = [] } = await callAws('approvals table', () =>
      client.send(
        new QueryCommand({
          TableName,
          KeyConditionExpression: 'requestId = :request AND #item = :item',
          ExpressionAttributeNames: { '#item': 'item' },
          ExpressionAttributeValues: { ':request': requestId, ':item': item },
          ConsistentRead: true,
        }),
      ),
    );
    const [row] = Items;
    return row && !voteSchema.safeParse(row).success ? asItWasRead(row) : undefined;
  }

  /** Puts a vote where there is none, where `otherwise` holds, or over a row that no vote can be read from. */
  async function putOver(
    Item: Key & Vote & { ttl: number },
    { otherwise }: { otherwise: string | undefined },
  ) {
    const put = (condition: Condition) =>
      tryWrite('approvals table', () => client.send(new PutCommand({ TableName, Item, ...condition })));
    const isFirst = await put({
      ConditionExpression: ['attribute_not_exists(#item)', otherwise].filter(Boolean).join(' OR '),
      ExpressionAttributeNames: { '#item': 'item' },
      ...(otherwise && { ExpressionAttributeValues: { ':votedAt': Item.votedAt } }),
    });
    if (isFirst) return true;
    const stillUnreadable = await unreadable(Item);
    return stillUnreadable ? put(stillUnreadable) : false;
  }

  return {
    /** Keeps the token of the newest wait: an older one is dead, since every wait has a token of its own. */
    async putToken(requestId: string, token: ApprovalToken): Promise<void> {
      const Item = { ...tokenKeyOf(requestId), ...approvalTokenSchema.parse(token) };
      await callAws('approvals table', () => client.send(new PutCommand({ TableName, Item })));
    },

    /** False where this person voted on this proposal before. What cannot be read is no vote, and is written over. */
    async putVote(requestId: string, cast: Vote, ttl: number): Promise<boolean> {
      const vote = voteSchema.parse(cast);
      return putOver({ requestId, item: itemOf(vote), ttl, ...vote }, { otherwise: undefined });
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
            Key: { requestId, item: itemOf(vote) },
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
      const Item = { requestId: `window#${principalId}`, item: itemOf(vote), ttl, ...vote };
      return putOver(Item, { otherwise: 'votedAt < :votedAt' });
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
