import { PublishCommand, type SNSClient } from '@aws-sdk/client-sns';
import { callAws } from './call-aws.ts';

/** Longest subject that SNS takes. @see https://docs.aws.amazon.com/sns/latest/api/API_Publish.html */
const MOST_SUBJECT = 100;

/** Tells an SNS topic, such as that of a tier that is to hear of a request even where Slack is what is down. */
export function makePager(deps: { client: SNSClient }) {
  return (
    topicArn: string,
    message: {
      subject: string;
      text: string;
      /** What subscriptions filter by. */
      attributes?: Readonly<Record<string, string>>;
    },
  ): Promise<void> =>
    callAws('SNS', async () => {
      await deps.client.send(
        new PublishCommand({
          TopicArn: topicArn,
          Subject: message.subject.slice(0, MOST_SUBJECT),
          Message: message.text,
          ...(message.attributes && {
            MessageAttributes: Object.fromEntries(
              Object.entries(message.attributes).map(([name, StringValue]) => [
                name,
                { DataType: 'String', StringValue },
              ]),
            ),
          }),
        }),
      );
    });
}
