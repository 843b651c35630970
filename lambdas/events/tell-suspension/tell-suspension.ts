import * as z from 'zod';
import type { SlackMessage } from '../../shared/adapters/slack/slack.ts';
import { plain } from '../../shared/adapters/slack/slack.ts';
import type { ApprovalsConfig } from '../../shared/domain/approvals/approvals-config.ts';
import { principalIdSchema } from '../../shared/domain/principal.ts';

const text = z.object({ S: z.string() });

/** As much of the usage table's stream records as is told; the rest of a row is nobody's business. */
const eventSchema = z.object({
  Records: z.array(
    z.object({
      dynamodb: z.object({
        SequenceNumber: z.string(),
        NewImage: z.object({
          principalId: z.object({ S: principalIdSchema }),
          suspension: z.object({
            M: z.object({ since: text, until: text, requestIds: z.object({ L: z.array(text) }) }),
          }),
        }),
      }),
    }),
  ),
});
type Told = z.infer<typeof eventSchema>['Records'][number]['dynamodb']['NewImage'];

type Ports = {
  readonly messages: {
    /** Does something that is to happen once; answers what was done, or undefined where it was done before. */
    once<T>(what: string, act: () => Promise<T>): Promise<T | undefined>;
  };
  readonly slack: { post(to: { channel: string }, message: SlackMessage): Promise<unknown> };
  readonly page: (topicArn: string, message: { subject: string; text: string }) => Promise<void>;
  readonly tiers: () => ApprovalsConfig['tiers'];
  readonly warn: (fields: Record<string, unknown>) => void;
};

/**
 * Tells the approvers of the first tier that a principal's requests are suspended, once a suspension: the row
 * is written again for other reasons while it lasts. Answers where Lambda is to go on after a failure.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html
 */
export function makeTellSuspension(ports: Ports) {
  return async (event: unknown) => {
    for (const { dynamodb } of eventSchema.parse(event).Records) {
      try {
        await tell(dynamodb.NewImage, ports);
      } catch (error) {
        const because = error instanceof Error ? error.message : 'unknown';
        ports.warn({ principalId: dynamodb.NewImage.principalId.S, because });
        return { batchItemFailures: [{ itemIdentifier: dynamodb.SequenceNumber }] };
      }
    }
    return { batchItemFailures: [] };
  };
}

async function tell({ principalId: { S: principalId }, suspension }: Told, ports: Ports): Promise<void> {
  const { since, until, requestIds } = suspension.M;
  const tier = ports.tiers().find(({ ownersOnly }) => !ownersOnly);
  if (!tier) return;
  const message = messageOf(
    principalId,
    until.S,
    requestIds.L.map(({ S }) => S),
  );
  const once = (to: string, act: () => Promise<unknown>) =>
    ports.messages.once(`suspension#${principalId}#${since.S}#${to}`, act);
  const topic = tier.notifyTopicArn;
  if (topic) {
    await once('page', () =>
      ports.page(topic, { subject: `Postern: requests of ${principalId} are suspended`, text: message }),
    );
  }
  await once('slack', () => ports.slack.post({ channel: tier.channel }, plain(message)));
}

function messageOf(principalId: string, until: string, requestIds: readonly string[]): string {
  return [
    `${requestIds.length} requests of ${principalId} were denied in a short time. New ones are refused until ${until}.`,
    'Look at what it asked for. If it is under attack or out of order, propose a change that suspends it, and revoke its sessions.',
    `Denied: ${requestIds.join(', ')}`,
  ].join('\n');
}
