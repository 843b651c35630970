import { Duration } from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { Construct } from 'constructs';
import type { FunctionSpec } from '../../constructs/functions/function-spec.ts';
import { archiveKey, keepHeads } from '../../grants/archive.ts';
import { appendAudit, useHeadsKey, verifyAudit } from '../../grants/audit-log.ts';
import { items, tableKey } from '../../grants/on-tables.ts';
import { keepUndelivered } from '../../grants/undelivered.ts';

/** Signs where the audit chains end, at intervals, after checking what was added to them. */
export const signHeads: FunctionSpec = {
  entry: 'lambdas/events/sign-heads/handler.ts',
  memoryMegabytes: 512,
  timeoutSeconds: 300,
  invokedBy: 'rule',
  grants: (on) => [
    items(on, 'principals', 'Scan'),
    appendAudit(on),
    verifyAudit(on),
    useHeadsKey(on),
    keepHeads(on),
    tableKey(on),
    archiveKey(on, 'kms:Decrypt', 'kms:GenerateDataKey'),
    keepUndelivered(on),
  ],
  events({ stack, target, undelivered }) {
    // A tail of the log that is cut off within one interval is the most that can stay unseen.
    new Rule(new Construct(stack, 'SignHeads'), 'Interval', {
      description: 'Postern: signs the heads of the audit chains',
      schedule: Schedule.rate(Duration.minutes(5)),
      targets: [new LambdaFunction(target, { deadLetterQueue: undelivered })],
    });
  },
};
