import { ChangeMessageVisibilityCommand, SendMessageBatchCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { DependencyUnavailable } from '../../domain/errors.ts';
import { type Delivery, deliverySchema } from '../../domain/events/webhook.ts';
import { callAws } from '../runtime/call-aws.ts';

/**
 * The queue between what happens and who is told: first in, first out for each webhook and request, so that nobody is
 * told of an end before its beginning; the same event for the same webhook is taken once in five minutes.
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/FIFO-queues-exactly-once-processing.html
 */
export function makeWebhookQueue(deps: { client: SQSClient; queueUrl: () => string }) {
  return {
    /** Adds one event for these webhooks, ten at most. Throws where one of them was not taken. */
    async add(requestId: string, deliveries: readonly Delivery[]): Promise<void> {
      const Entries = deliveries.map((delivery, index) => ({
        Id: String(index),
        MessageGroupId: `${delivery.webhook}.${requestId}`,
        MessageDeduplicationId: `${delivery.webhook}.${delivery.id}`,
        MessageBody: JSON.stringify(deliverySchema.parse(delivery)),
      }));
      const { Failed = [] } = await callAws('SQS', () =>
        deps.client.send(new SendMessageBatchCommand({ QueueUrl: deps.queueUrl(), Entries })),
      );
      if (Failed.length > 0)
        throw new DependencyUnavailable(`SQS: ${Failed.map(({ Code = 'unknown' }) => Code).join(', ')}`);
    },

    /** Has a delivery tried again after so many seconds, and what waits behind it as long. */
    async postpone(receiptHandle: string, seconds: number): Promise<void> {
      await callAws('SQS', () =>
        deps.client.send(
          new ChangeMessageVisibilityCommand({
            QueueUrl: deps.queueUrl(),
            ReceiptHandle: receiptHandle,
            VisibilityTimeout: seconds,
          }),
        ),
      );
    },
  };
}
