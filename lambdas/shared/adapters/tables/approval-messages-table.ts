import { randomUUID } from 'node:crypto';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { DeleteCommand, GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { callAws, tryWrite } from '../runtime/call-aws.ts';

const messageRefSchema = z.object({ channel: z.string(), ts: z.string() });
/** A message in Slack: the channel's id and the message's timestamp, which is its name there. */
export type MessageRef = Readonly<z.infer<typeof messageRefSchema>>;

const approvalMessageSchema = messageRefSchema.extend({
  tier: z.string(),
  proposalDigest: z.string(),
  /** The requests that it asks for: the first, and those that wait for the very same. */
  requestIds: z.array(z.string()).min(1),
});
/** One message that asks a tier's approvers. */
export type ApprovalMessage = Readonly<z.infer<typeof approvalMessageSchema>>;

/** Seconds for which messages are remembered. */
const KEEP_SECONDS = 30 * 24 * 60 * 60;

/** Most requests that share a message; the next one has a message of its own. */
const MOST_ALIKE = 20;

const messageKey = ({ channel, ts }: MessageRef) => `message#${channel}#${ts}`;
const openKey = (tier: string, proposalDigest: string) => `open#${tier}#${proposalDigest}`;
const requestKey = (requestId: string, tier: string) => `request#${requestId}#${tier}`;

/**
 * Which messages ask for which requests: by message, by request and tier, and the newest for a proposal, which
 * identical requests share. Holds no text and no token.
 */
export function makeApprovalMessages(deps: {
  client: DynamoDBDocumentClient;
  tableName: string;
  clock: () => Date;
}) {
  const { client, tableName: TableName, clock } = deps;
  const ttl = () => Math.floor(clock().getTime() / 1000) + KEEP_SECONDS;

  async function itemAt(key: string): Promise<Record<string, unknown> | undefined> {
    const { Item } = await callAws('messages table', () =>
      client.send(new GetCommand({ TableName, Key: { key }, ConsistentRead: true })),
    );
    return Item;
  }

  async function refAt(key: string): Promise<MessageRef | undefined> {
    const item = await itemAt(key);
    return item && messageRefSchema.parse(item);
  }

  async function get(ref: MessageRef): Promise<ApprovalMessage | undefined> {
    const item = await itemAt(messageKey(ref));
    return item && approvalMessageSchema.parse(item);
  }

  async function put(key: string, ref: MessageRef, rest: Record<string, unknown> = {}): Promise<void> {
    const Item = { key, ...messageRefSchema.parse(ref), ttl: ttl(), ...rest };
    await callAws('messages table', () => client.send(new PutCommand({ TableName, Item })));
  }

  return {
    /** The message of this place in Slack, if it is one of ours. */
    get,

    /** The message that asks this tier for this request. */
    async ofRequest(requestId: string, tier: string): Promise<ApprovalMessage | undefined> {
      const ref = await refAt(requestKey(requestId, tier));
      return ref && get(ref);
    },

    /** The newest message that asks this tier for the very same. */
    async newestFor(tier: string, proposalDigest: string): Promise<ApprovalMessage | undefined> {
      const ref = await refAt(openKey(tier, proposalDigest));
      return ref && get(ref);
    },

    /**
     * Remembers a message that was just posted for its first request. False where another one for the very same
     * was posted meanwhile: this one is then not remembered, and the other is to be joined.
     */
    async add(message: ApprovalMessage, instead: MessageRef | undefined): Promise<boolean> {
      const { channel, ts, tier, proposalDigest, requestIds } = message;
      const parsed = approvalMessageSchema.parse(message);
      await put(messageKey(parsed), parsed, { tier, proposalDigest, requestIds });
      const written = await tryWrite('messages table', () =>
        client.send(
          new PutCommand({
            TableName,
            Item: { key: openKey(tier, proposalDigest), channel, ts, ttl: ttl() },
            ConditionExpression: instead
              ? 'channel = :channel AND #ts = :ts'
              : 'attribute_not_exists(channel)',
            ...(instead && {
              ExpressionAttributeNames: { '#ts': 'ts' },
              ExpressionAttributeValues: { ':channel': instead.channel, ':ts': instead.ts },
            }),
          }),
        ),
      );
      // A write whose answer was lost is repeated, and then fails the condition that it met.
      const isNewest = written || (await refAt(openKey(tier, proposalDigest)))?.ts === ts;
      if (isNewest) await put(requestKey(requestIds[0] ?? '', tier), message);
      return isNewest;
    },

    /** Adds a request to a message that asks for the very same; true where it is there by now, false where it is full. */
    async join(message: ApprovalMessage, requestId: string): Promise<boolean> {
      const added = approvalMessageSchema.shape.requestIds.parse([requestId]);
      const joined = await tryWrite('messages table', () =>
        client.send(
          new UpdateCommand({
            TableName,
            Key: { key: messageKey(message) },
            UpdateExpression: 'SET requestIds = list_append(requestIds, :one)',
            ConditionExpression: 'NOT contains(requestIds, :id) AND size(requestIds) < :most',
            ExpressionAttributeValues: { ':one': added, ':id': requestId, ':most': MOST_ALIKE },
          }),
        ),
      );
      const isShared = joined || ((await get(message))?.requestIds.includes(requestId) ?? false);
      if (isShared) await put(requestKey(requestId, message.tier), message);
      return isShared;
    },

    /**
     * Does something that is to happen once, such as telling somebody: whoever is first does it, and where that
     * fails, the next one may. Answers what was done, or undefined where it was done before.
     */
    async once<T>(what: string, act: () => Promise<T>): Promise<T | undefined> {
      const key = `told#${what}`;
      const attempt = randomUUID();
      const written = await tryWrite('messages table', () =>
        client.send(
          new PutCommand({
            TableName,
            Item: { key, by: attempt, ttl: ttl() },
            ConditionExpression: 'attribute_not_exists(#key)',
            ExpressionAttributeNames: { '#key': 'key' },
          }),
        ),
      );
      // As above: a repeated write of its own is not another's.
      const isFirst = written || (await itemAt(key))?.by === attempt;
      if (!isFirst) return undefined;
      try {
        return await act();
      } catch (error) {
        await callAws('messages table', () => client.send(new DeleteCommand({ TableName, Key: { key } })));
        throw error;
      }
    },
  };
}
export type ApprovalMessages = ReturnType<typeof makeApprovalMessages>;
