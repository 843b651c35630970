import type { Message, Queue } from '../aws/queues/queue-store.ts';
import type { QueueMapping, QueueSpec } from '../template/types.ts';

/** Seconds for which a look at a queue waits for a message. */
const LOOK_SECONDS = 0.25;
/** Messages that a look takes: more could be of one group, which are not handed out side by side. */
const MOST = 1;

type Options = {
  readonly specs: readonly QueueSpec[];
  readonly mappings: readonly QueueMapping[];
  readonly queueOf: (name: string) => Queue | undefined;
  readonly invoke: (functionName: string, event: { Records: readonly unknown[] }) => Promise<unknown>;
  readonly onGivenUp: (functionName: string, error: unknown) => void;
};

/**
 * Hands what waits in the template's queues to the functions that take from them, a message at a time. What a function
 * fails on is handed out again once it can be received, and too often failed goes to the dead letters.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
 */
export function followQueues({ specs, mappings, queueOf, invoke, onGivenUp }: Options) {
  let closed = false;
  const running = new Set<Promise<void>>();

  async function follow({ functionName, queueArn }: QueueMapping): Promise<void> {
    const spec = specs.find(({ arn }) => arn === queueArn);
    const queue = spec && queueOf(spec.name);
    if (!queue) throw new Error(`${functionName} takes from a queue that is not there: ${queueArn}`);
    while (!closed) {
      for (const message of await queue.receive(MOST, spec.visibilitySeconds, LOOK_SECONDS)) {
        const run = handOut(functionName, message, { spec, queue }).finally(() => running.delete(run));
        running.add(run);
      }
    }
  }

  async function handOut(
    functionName: string,
    message: Message,
    { spec, queue }: { spec: QueueSpec; queue: Queue },
  ): Promise<void> {
    const failure = await tryOn(functionName, message, spec);
    if (failure === undefined) return queue.remove(message.receipt);
    if (message.receives < spec.mostReceives) return;
    const { body, attributes, sender, groupId } = message;
    queueOf(spec.deadLetters ?? '')?.send(
      { body, attributes, sender, delaySeconds: 0, ...(groupId !== undefined && { groupId }) },
      message.id,
    );
    queue.remove(message.receipt);
    onGivenUp(functionName, failure);
  }

  async function tryOn(
    functionName: string,
    { id, receipt, body, receives }: Message,
    { arn }: QueueSpec,
  ): Promise<unknown> {
    const record = {
      messageId: id,
      receiptHandle: receipt,
      body,
      attributes: { ApproximateReceiveCount: String(receives) },
      eventSource: 'aws:sqs',
      eventSourceARN: arn,
    };
    try {
      const answer = (await invoke(functionName, { Records: [record] })) as {
        batchItemFailures?: unknown[];
      } | null;
      return answer?.batchItemFailures?.length ? 'the function reported a failure' : undefined;
    } catch (error) {
      return error;
    }
  }

  const following = mappings.map(follow);
  return {
    /** What is under way ends, what waits is dropped. */
    async close(): Promise<void> {
      closed = true;
      await Promise.all(following);
      await Promise.all(running);
    },
  };
}
