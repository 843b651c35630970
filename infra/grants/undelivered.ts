import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { allow } from './allow.ts';
import type { Grant, Resources } from './grant.ts';
import { useKeyThrough } from './use-key.ts';

/** The statements that keep, for somebody to look at, an event that could not be handled. */
export const undeliveredStatements = ({
  queues,
  keys,
}: Pick<Resources, 'queues' | 'keys'>): PolicyStatement[] => [
  allow(['sqs:SendMessage'], queues.undelivered.queueArn),
  useKeyThrough('sqs', keys.messages, 'kms:Decrypt', 'kms:GenerateDataKey'),
];

/** Keeps events that could not be handled, for somebody to look at. */
export const keepUndelivered = (on: Resources): Grant => ({
  statements: undeliveredStatements(on),
  variables: {},
});
