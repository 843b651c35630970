import * as z from 'zod';
import type { ApprovalMessage } from '../../shared/adapters/tables/approval-messages-table.ts';
import { requestIdSchema } from '../../shared/domain/access-request.ts';
import { ApprovalChannelUnavailable } from '../../shared/domain/errors.ts';
import type { Principal } from '../../shared/domain/principal.ts';
import type { RequestRow } from '../../shared/domain/request-row.ts';
import { type DrawPorts, drawMessage } from '../../shared/messages/draw-message.ts';
import { requesterNotice } from '../../shared/messages/requester-notice.ts';

/** As much of a stream record as is needed: which row changed. The row itself is read anew. */
const eventSchema = z.object({
  Records: z.array(
    z.object({
      dynamodb: z.object({
        SequenceNumber: z.string(),
        Keys: z.object({ requestId: z.object({ S: requestIdSchema }) }),
      }),
    }),
  ),
});

type Ports = DrawPorts & {
  readonly messages: {
    ofRequest(requestId: string, tier: string): Promise<ApprovalMessage | undefined>;
    /** Does something that is to happen once; answers what was done, or undefined where it was done before. */
    once<T>(what: string, act: () => Promise<T>): Promise<T | undefined>;
  };
  readonly principals: { get(id: string): Promise<Principal | undefined> };
  readonly slack: {
    whisper(to: { channelId: string; userId: string }, text: string): Promise<void>;
    tell(userId: string, text: string): Promise<void>;
  };
  readonly warn: (fields: Record<string, unknown>) => void;
};

/**
 * Follows the rows that Slack shows: draws their messages anew, and tells each requester how it goes on. Answers
 * where Lambda is to go on after a failure; records that come twice, late or out of order change nothing.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html
 */
export function makeUpdateMessages(ports: Ports) {
  return async (event: unknown) => {
    const newest = new Map<string, string>();
    for (const { dynamodb } of eventSchema.parse(event).Records) {
      newest.set(dynamodb.Keys.requestId.S, dynamodb.SequenceNumber);
    }
    for (const [requestId, itemIdentifier] of newest) {
      try {
        await follow(requestId, ports);
      } catch (error) {
        ports.warn({ requestId, because: error instanceof Error ? error.message : 'unknown' });
        return { batchItemFailures: [{ itemIdentifier }] };
      }
    }
    return { batchItemFailures: [] };
  };
}

async function follow(requestId: string, ports: Ports): Promise<void> {
  const row = await ports.requests.get(requestId);
  if (row?.shownIn !== 'slack') return;
  const tiers = row.approval ? [...row.approval.history.map(({ tier }) => tier), row.approval.tier] : [];
  for (const tier of new Set(tiers)) {
    const message = await ports.messages.ofRequest(requestId, tier);
    if (message) await whereItCan({ requestId, tier }, () => drawMessage(message, ports), ports);
  }
  await whereItCan({ requestId }, () => tellRequester(row, ports), ports);
}

/** A message that was deleted, or a person who left, must not hold up what comes after. */
async function whereItCan(what: Record<string, unknown>, act: () => Promise<unknown>, ports: Ports) {
  try {
    await act();
  } catch (error) {
    if (!(error instanceof ApprovalChannelUnavailable && error.lasting)) throw error;
    ports.warn({ ...what, because: error.message });
  }
}

/** Each thing is told once: privately where it was asked for in Slack, else in a direct message. */
async function tellRequester(row: RequestRow, ports: Ports): Promise<void> {
  const { requestId, asked, slackOrigin: origin } = row;
  const votes = asked ? await ports.approvals.listVotes(requestId, asked.proposalDigest) : [];
  const notice = requesterNotice(row, votes, ports.wording());
  const userId = origin?.userId ?? (await ports.principals.get(row.principalId))?.slackUserId;
  if (!notice || !userId) return;
  const step = row.status === 'AWAITING_APPROVAL' ? `${row.status}#${row.approval?.tier}` : row.status;
  await ports.messages.once(`requester#${requestId}#${step}`, () =>
    origin ? whisperOrTell(origin, notice, ports) : ports.slack.tell(userId, notice),
  );
}

/** In the channel of the command where the app may speak there, else in a direct message. */
async function whisperOrTell(
  origin: NonNullable<RequestRow['slackOrigin']>,
  notice: string,
  { slack }: Ports,
) {
  try {
    await slack.whisper(origin, notice);
  } catch (error) {
    if (!(error instanceof ApprovalChannelUnavailable && error.lasting)) throw error;
    await slack.tell(origin.userId, notice);
  }
}
