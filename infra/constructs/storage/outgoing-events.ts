import { Duration } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { MOST_TRIES } from '../../../lambdas/events/deliver-webhook/retry-delay.ts';
import { justify } from '../../justify.ts';
import { RETAINED } from '../../retained.ts';
import type { Settings } from '../../settings.ts';

/** The queue for webhooks, and where deliveries go that were given up. */
type WebhookQueues = { readonly queue: Queue; readonly undelivered: Queue };

/** What pagers, chats and others outside are told by. Neither is there where the settings name nobody. */
export class OutgoingEvents extends Construct {
  readonly topic: Topic | undefined;
  readonly webhooks: WebhookQueues | undefined;

  constructor(scope: Construct, id: string, { key, settings }: { key: IKey; settings: Settings }) {
    super(scope, id);
    this.topic = settings.eventsTopic
      ? new Topic(this, 'Topic', { topicName: 'postern-events', masterKey: key, enforceSSL: true })
      : undefined;
    this.webhooks = settings.webhooks.length > 0 ? this.#queues(key) : undefined;
  }

  #queues(encryptionMasterKey: IKey): WebhookQueues {
    const queue = { encryption: QueueEncryption.KMS, encryptionMasterKey, enforceSSL: true, fifo: true };
    const undelivered = new Queue(this, 'WebhooksUndelivered', {
      ...queue,
      queueName: 'postern-webhooks-undelivered.fifo',
      retentionPeriod: Duration.days(14),
      removalPolicy: RETAINED,
    });
    justify(undelivered, 'Serverless-SQSRedrivePolicy', 'It is where others redrive to.');
    return {
      undelivered,
      queue: new Queue(this, 'Webhooks', {
        ...queue,
        queueName: 'postern-webhooks.fifo',
        retentionPeriod: Duration.days(1),
        // A delivery that fails says by itself when it is tried again; this is for one that dies.
        visibilityTimeout: Duration.minutes(3),
        deadLetterQueue: { queue: undelivered, maxReceiveCount: MOST_TRIES },
      }),
    };
  }
}
