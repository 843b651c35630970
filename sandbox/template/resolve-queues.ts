import * as z from 'zod';
import { functionNameOf } from '../functions/function-host.ts';
import type { PresentResource } from './present-resources.ts';
import type { Resolver } from './resolve-values.ts';
import type { CfnProperties, QueueMapping, QueueSpec } from './types.ts';

const queueSchema = z.object({
  FifoQueue: z.literal(true),
  VisibilityTimeout: z.coerce.number().default(30),
  RedrivePolicy: z.object({ deadLetterTargetArn: z.string(), maxReceiveCount: z.coerce.number() }).optional(),
});

const nameOf = (arn: string): string => arn.slice(arn.lastIndexOf(':') + 1);

/** The queues that functions take from: those that are first in, first out. Into another nothing is put here. */
export const queuesOf = (queues: PresentResource[], { identityOf }: Resolver): QueueSpec[] =>
  queues.flatMap(({ logicalId, properties }) => {
    const parsed = queueSchema.safeParse(properties);
    if (!parsed.success) return [];
    const arn = identityOf(logicalId).attributes.Arn ?? '';
    const { VisibilityTimeout, RedrivePolicy } = parsed.data;
    return {
      name: nameOf(arn),
      arn,
      visibilitySeconds: VisibilityTimeout,
      mostReceives: RedrivePolicy?.maxReceiveCount ?? Number.POSITIVE_INFINITY,
      ...(RedrivePolicy && { deadLetters: nameOf(RedrivePolicy.deadLetterTargetArn) }),
    };
  });

/** Whether an event source mapping takes from a queue. */
export const isOfQueue = ({ EventSourceArn }: CfnProperties): boolean =>
  /^arn:[^:]+:sqs:/.test(String(EventSourceArn));

export const queueMappingOf = ({ properties }: PresentResource): QueueMapping => ({
  functionName: functionNameOf(String(properties.FunctionName)),
  queueArn: String(properties.EventSourceArn),
});
