import { randomUUID } from 'node:crypto';
import { AwsError } from '../../../gateway/wire/aws-error.ts';
import type { TopicMessage } from '../../aws-endpoint.ts';
import { type NameOthers, needing, serviceOf, textIn } from '../operation.ts';
import type { AwsCall, AwsService } from '../types.ts';

/** Bytes of a message. @see https://docs.aws.amazon.com/sns/latest/api/API_Publish.html */
const MOST_BYTES = 262_144;

/** Messages that are kept to be shown. */
const MOST_SHOWN = 50;

/**
 * SNS's topics: those that the catalog names, and the broker's own. Nobody subscribes to them here: what is published is
 * answered for, and the newest can be looked at.
 */
export function createSns(topicArns: readonly string[], nameOthers: NameOthers) {
  const published: TopicMessage[] = [];
  const topicIn = (call: AwsCall): string => {
    const arn = call.input.TopicArn === undefined ? textIn(call, 'TargetArn') : textIn(call, 'TopicArn');
    if (topicArns.includes(arn)) return arn;
    throw new AwsError('NotFound', 'Topic does not exist', 404);
  };
  const service: AwsService = serviceOf(
    'sns',
    {
      Publish: {
        needs: needing('sns:Publish', ({ input }) => String(input.TopicArn ?? input.TargetArn ?? '*')),
        run(call) {
          const topicArn = topicIn(call);
          if (Buffer.byteLength(textIn(call, 'Message')) > MOST_BYTES)
            throw new AwsError('InvalidParameter', `A message has at most ${MOST_BYTES} bytes.`, 400);
          const { Subject: subject = '', Message: message } = call.input;
          published.unshift({ topicArn, subject: String(subject), message: String(message) });
          published.splice(MOST_SHOWN);
          return { MessageId: randomUUID() };
        },
      },
      GetTopicAttributes: {
        needs: needing('sns:GetTopicAttributes', (call) => textIn(call, 'TopicArn')),
        run(call) {
          const arn = topicIn(call);
          const attributes = { TopicArn: arn, Owner: arn.split(':')[4], SubscriptionsConfirmed: '0' };
          return {
            Attributes: { entry: Object.entries(attributes).map(([key, value]) => ({ key, value })) },
          };
        },
      },
      ListTopics: {
        needs: needing('sns:ListTopics', () => '*'),
        run: () => ({ Topics: { member: topicArns.map((TopicArn) => ({ TopicArn })) } }),
      },
    },
    nameOthers,
  );
  return { service, published: (): readonly TopicMessage[] => published };
}
