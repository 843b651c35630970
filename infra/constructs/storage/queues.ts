import { Duration } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { justify } from '../../justify.ts';
import { RETAINED } from '../../retained.ts';

/** Where events go that could not be handled. Whatever lands here raises an alarm. */
export class Queues extends Construct {
  readonly undelivered: Queue;

  constructor(scope: Construct, id: string, { key: encryptionMasterKey }: { key: IKey }) {
    super(scope, id);
    this.undelivered = new Queue(this, 'Undelivered', {
      queueName: 'postern-undelivered',
      encryption: QueueEncryption.KMS,
      encryptionMasterKey,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
      removalPolicy: RETAINED,
    });
    justify(this.undelivered, 'Serverless-SQSRedrivePolicy', 'It is where others redrive to.');
  }
}
