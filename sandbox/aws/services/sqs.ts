import { AwsError } from '../../../gateway/wire/aws-error.ts';
import { md5 } from '../buckets/bucket-store.ts';
import { type NameOthers, needing, numberIn, type Operation, serviceOf, textIn } from '../operation.ts';
import type { Message, Queue } from '../queues/queue-store.ts';
import type { AwsCall, AwsService } from '../types.ts';

/** Bytes of a message. @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html */
const MOST_BYTES = 1_048_576;
const SECONDS_HIDDEN = { least: 0, most: 43_200, otherwise: 30 };

/** A queue's URL says its account and name. */
const QUEUE_URL = /^https?:\/\/[^/?#]+\/(\d{12})\/([\w-]{1,80}(?:\.fifo)?)$/;

type Options = {
  /** `arn:…:sqs:REGION:` */
  readonly arnStart: string;
  readonly account: string;
  /** Where queues are reached: a queue's URL begins with it, and SDKs send to a queue's URL. */
  readonly url: () => string;
  readonly nameOthers: NameOthers;
};

const md5Of = (text: string): string => md5(Buffer.from(text));

const shown = (message: Message) => ({
  MessageId: message.id,
  ReceiptHandle: message.receipt,
  Body: message.body,
  MD5OfBody: md5Of(message.body),
  Attributes: {
    SenderId: message.sender,
    SentTimestamp: String(message.sentAt),
    ApproximateReceiveCount: String(message.receives),
    ApproximateFirstReceiveTimestamp: String(message.firstReceivedAt ?? message.sentAt),
    ...(message.groupId !== undefined && { MessageGroupId: message.groupId }),
  },
  MessageAttributes: message.attributes,
});

/** SQS's queues: those that the catalog names, and the broker's own. */
export function createSqs(
  queues: ReadonlyMap<string, Queue>,
  { arnStart, account, url, nameOthers }: Options,
): AwsService {
  function placeIn(call: AwsCall): { account: string; name: string } {
    const [, owner, name] = QUEUE_URL.exec(textIn(call, 'QueueUrl')) ?? [];
    if (owner && name) return { account: owner, name };
    throw new AwsError('InvalidAddress', 'QueueUrl is not the URL of a queue.', 400);
  }
  function existing(name: string, owner = account): Queue {
    const queue = owner === account ? queues.get(name) : undefined;
    if (queue) return queue;
    throw new AwsError('QueueDoesNotExist', 'The specified queue does not exist.', 400);
  }
  const queueIn = (call: AwsCall): Queue => {
    const place = placeIn(call);
    return existing(place.name, place.account);
  };
  const urlOf = ({ name }: { name: string }) => `${url()}/${account}/${name}`;
  const on = (action: string): Operation['needs'] =>
    needing(action, (call) => {
      const place = placeIn(call);
      return `${arnStart}${place.account}:${place.name}`;
    });
  const operation = (action: string, run: (queue: Queue, call: AwsCall) => unknown): Operation => ({
    needs: on(action),
    run: (call) => run(queueIn(call), call),
  });

  function send(queue: Queue, call: AwsCall): Record<string, unknown> {
    const body = textIn(call, 'MessageBody');
    if (Buffer.byteLength(body) > MOST_BYTES)
      throw new AwsError('InvalidParameterValue', `A message has at most ${MOST_BYTES} bytes.`, 400);
    const { MessageGroupId, MessageDeduplicationId, MessageAttributes } = call.input;
    if (queue.isFifo && MessageGroupId === undefined)
      throw new AwsError('MissingParameter', 'The request must contain the parameter MessageGroupId.', 400);
    const id = queue.send(
      {
        body,
        attributes: (MessageAttributes ?? {}) as Record<string, unknown>,
        sender: call.caller.userId,
        delaySeconds: numberIn(call, 'DelaySeconds', { least: 0, most: 900, otherwise: 0 }),
        ...(MessageGroupId !== undefined && { groupId: String(MessageGroupId) }),
      },
      queue.isFifo ? String(MessageDeduplicationId ?? md5Of(body)) : undefined,
    );
    return { MessageId: id, MD5OfMessageBody: md5Of(body) };
  }

  /** One call for each entry of a batch; what is wrong with one is told of that one. */
  function batch(queue: Queue, call: AwsCall, run: (queue: Queue, call: AwsCall) => object) {
    const entries = Array.isArray(call.input.Entries)
      ? (call.input.Entries as Record<string, unknown>[])
      : [];
    if (entries.length < 1 || entries.length > 10)
      throw new AwsError('BatchEntryIdsNotDistinct', 'A batch has between 1 and 10 entries.', 400);
    const Successful: object[] = [];
    const Failed: object[] = [];
    for (const input of entries) {
      try {
        Successful.push({ Id: input.Id, ...run(queue, { ...call, input }) });
      } catch (error) {
        if (!(error instanceof AwsError)) throw error;
        Failed.push({ Id: input.Id, Code: error.code, Message: error.message, SenderFault: true });
      }
    }
    return { Successful, Failed };
  }

  const removeOne = (queue: Queue, call: AwsCall) => {
    queue.remove(textIn(call, 'ReceiptHandle'));
    return {};
  };

  return serviceOf(
    'sqs',
    {
      ListQueues: {
        needs: needing('sqs:ListQueues', () => '*'),
        run: ({ input }) => ({
          QueueUrls: [...queues.values()]
            .filter(({ name }) => name.startsWith(String(input.QueueNamePrefix ?? '')))
            .map(urlOf),
        }),
      },
      GetQueueUrl: {
        needs: needing('sqs:GetQueueUrl', (call) => {
          const owner = String(call.input.QueueOwnerAWSAccountId ?? account);
          return `${arnStart}${owner}:${textIn(call, 'QueueName')}`;
        }),
        run: (call) => ({ QueueUrl: urlOf(existing(textIn(call, 'QueueName'))) }),
      },
      GetQueueAttributes: operation('sqs:GetQueueAttributes', (queue) => {
        const { visible, inFlight, delayed } = queue.counts();
        return {
          Attributes: {
            QueueArn: `${arnStart}${account}:${queue.name}`,
            ApproximateNumberOfMessages: String(visible),
            ApproximateNumberOfMessagesNotVisible: String(inFlight),
            ApproximateNumberOfMessagesDelayed: String(delayed),
            CreatedTimestamp: String(Math.floor(queue.createdAt / 1000)),
            ...(queue.isFifo && { FifoQueue: 'true' }),
          },
        };
      }),
      SendMessage: operation('sqs:SendMessage', send),
      SendMessageBatch: operation('sqs:SendMessage', (queue, call) => batch(queue, call, send)),
      ReceiveMessage: operation('sqs:ReceiveMessage', async (queue, call) => {
        const most = numberIn(call, 'MaxNumberOfMessages', { least: 1, most: 10, otherwise: 1 });
        const hidden = numberIn(call, 'VisibilityTimeout', SECONDS_HIDDEN);
        const wait = numberIn(call, 'WaitTimeSeconds', { least: 0, most: 20, otherwise: 0 });
        const Messages = (await queue.receive(most, hidden, wait)).map(shown);
        return Messages.length > 0 ? { Messages } : {};
      }),
      DeleteMessage: operation('sqs:DeleteMessage', removeOne),
      DeleteMessageBatch: operation('sqs:DeleteMessage', (queue, call) => batch(queue, call, removeOne)),
      ChangeMessageVisibility: operation('sqs:ChangeMessageVisibility', (queue, call) => {
        const seconds = numberIn(call, 'VisibilityTimeout', SECONDS_HIDDEN);
        if (queue.hide(textIn(call, 'ReceiptHandle'), seconds)) return {};
        throw new AwsError('ReceiptHandleIsInvalid', 'The receipt handle is of no message.', 400);
      }),
      PurgeQueue: operation('sqs:PurgeQueue', (queue) => {
        queue.purge();
        return {};
      }),
    },
    nameOthers,
  );
}
