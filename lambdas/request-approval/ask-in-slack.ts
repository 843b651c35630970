import { MOST_RACES } from '../shared/adapters/runtime/lost-race.ts';
import { plain, type SlackMessage } from '../shared/adapters/slack/slack.ts';
import type { ApprovalMessage, MessageRef } from '../shared/adapters/tables/approval-messages-table.ts';
import { ApprovalChannelUnavailable, DependencyUnavailable } from '../shared/domain/errors.ts';
import type { ApprovalAsk } from '../shared/domain/verdict.ts';
import { approvalMessage } from '../shared/messages/approval-message.ts';
import { type DrawPorts, drawMessage, readContent } from '../shared/messages/draw-message.ts';
import { deadlineInText } from '../shared/messages/explain-approval.ts';
import { channelOf, isAsked, phaseOf } from '../shared/messages/message-content.ts';

export type AskPorts = DrawPorts & {
  readonly slack: {
    /** Posts in a channel, by its name or id; in a thread where `threadTs` is given. */
    post(to: { channel: string; threadTs?: string }, message: SlackMessage): Promise<MessageRef>;
    remove(place: MessageRef): Promise<void>;
  };
  readonly messages: {
    ofRequest(requestId: string, tier: string): Promise<ApprovalMessage | undefined>;
    /** The newest message that asks this tier for the very same. */
    newestFor(tier: string, proposalDigest: string): Promise<ApprovalMessage | undefined>;
    /** Adds a request to a message; false where it is full. */
    join(message: ApprovalMessage, requestId: string): Promise<boolean>;
    /** Remembers a message that was just posted; false where another one was posted meanwhile. */
    add(message: ApprovalMessage, instead: MessageRef | undefined): Promise<boolean>;
    /** Does something that is to happen once; answers what was done, or undefined where it was done before. */
    once<T>(what: string, act: () => Promise<T>): Promise<T | undefined>;
  };
  /** Tells an SNS topic. */
  readonly page: (topicArn: string, message: { subject: string; text: string }) => Promise<void>;
  /** Notes what went wrong with an older message, which must not hold up the newer one. */
  readonly warn: (fields: Record<string, unknown>) => void;
};

type Ask = { readonly requestId: string; readonly proposalDigest: string; readonly approval: ApprovalAsk };

/**
 * Shows a request to the tier that is asked: in the message it has, in one that asks for the very same, or in a
 * new one. Then the tiers before it are told that it moved on. Throws ApprovalChannelUnavailable where the tier
 * could not be told.
 */
export async function askInSlack(ask: Ask, ports: AskPorts): Promise<void> {
  const { requestId, approval } = ask;
  await pageOnce(ask, ports);
  const known = await ports.messages.ofRequest(requestId, approval.tier);
  const newest = known ?? (await ports.messages.newestFor(approval.tier, ask.proposalDigest));
  const message = known ?? (await joinSame(newest, ask, ports));
  if (message) await drawMessage(message, ports);
  const shown = message ?? (await postNew(newest, ask, ports));
  await remindOnce(ask, shown, ports);
  for (const { tier } of approval.history) await leave(requestId, tier, ports);
}

/** Joins the newest message for the very same, where a request waits in it. */
async function joinSame(
  newest: ApprovalMessage | undefined,
  { requestId, approval: { tier } }: Ask,
  ports: AskPorts,
): Promise<ApprovalMessage | undefined> {
  if (!newest) return undefined;
  const rows = await Promise.all(newest.requestIds.map((id) => ports.requests.get(id)));
  const waits = rows.filter(isAsked).some((row) => phaseOf({ row, tier }) === 'waiting');
  return waits && (await ports.messages.join(newest, requestId)) ? newest : undefined;
}

/**
 * Posts a message of its own, to stand in the place of the newest, which was not to be joined. Where somebody else
 * asked for the very same meanwhile, theirs is joined: one message is enough.
 */
async function postNew(
  newest: ApprovalMessage | undefined,
  ask: Ask,
  ports: AskPorts,
): Promise<ApprovalMessage> {
  const { requestId, proposalDigest, approval } = ask;
  const { tier } = approval;
  const content = await readContent({ requestIds: [requestId], tier }, ports);
  if (!content) throw new ApprovalChannelUnavailable('the request is no longer there to be shown');
  const ref = await ports.slack.post({ channel: channelOf(tier, ports.wording()) }, approvalMessage(content));
  const message = { ...ref, tier, proposalDigest, requestIds: [requestId] };
  for (let race = 0, instead = newest; race < MOST_RACES; race++) {
    if (await ports.messages.add(message, instead)) return message;
    instead = await ports.messages.newestFor(tier, proposalDigest);
    const joined = await joinSame(instead, ask, ports);
    if (!joined) continue;
    await ports.slack.remove(ref);
    await drawMessage(joined, ports);
    return joined;
  }
  throw new DependencyUnavailable('messages table: too many messages for the very same at once');
}

/** Reminds the tier in the message's thread, once. */
async function remindOnce({ requestId, approval }: Ask, message: ApprovalMessage, ports: AskPorts) {
  if (!approval.reminded) return;
  await ports.messages.once(`reminder#${requestId}#${approval.tier}`, async () => {
    const content = await readContent({ requestIds: [requestId], tier: approval.tier }, ports);
    if (!content) return;
    const text = `Still waiting for an answer. ${deadlineInText(content)}`;
    await ports.slack.post({ channel: message.channel, threadTs: message.ts }, plain(text));
  });
}

/** Tells the tier's topic, before Slack is tried: it is there for when Slack is what is down. */
async function pageOnce({ requestId, approval }: Ask, ports: AskPorts): Promise<void> {
  const { tier } = approval;
  const topic = ports.wording().tiers.find(({ name }) => name === tier)?.notifyTopicArn;
  if (!topic) return;
  await ports.messages.once(`page#${requestId}#${tier}`, async () => {
    const content = await readContent({ requestIds: [requestId], tier }, ports);
    if (!content) return;
    await ports.page(topic, {
      subject: `Postern: approval needed in ${channelOf(tier, ports.wording())}`,
      text: approvalMessage(content).text,
    });
  });
}

/** Takes the buttons off an older tier's message. That it fails is noted, and holds nothing up. */
async function leave(requestId: string, tier: string, ports: AskPorts): Promise<void> {
  const message = await ports.messages.ofRequest(requestId, tier);
  if (!message) return;
  try {
    await drawMessage(message, ports);
  } catch (error) {
    if (!(error instanceof ApprovalChannelUnavailable)) throw error;
    ports.warn({ requestId, tier, because: error.message });
  }
}
