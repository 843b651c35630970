import * as z from 'zod';
import type { StartAgent } from '../../console/chat/chat-agent.ts';
import { type Conversation, makeConversation } from '../../console/chat/conversation.ts';
import { showEntry } from '../../console/chat/show-entry.ts';
import type { ChatsTable } from './chats-table.ts';
import type { Connections } from './connections.ts';
import { type ConversationRow, ownerOf, turnsAfter } from './conversation-row.ts';
import { refusal } from './refusals.ts';
import type { SealedWork, Work } from './sealed-work.ts';
import type { Told } from './told.ts';

/** As much of a queue's record as is needed: one at a time. */
const eventSchema = z.object({ Records: z.tuple([z.object({ body: z.string() })]) });

/** Milliseconds between two signs of life: so soon is it noticed that nobody listens any more. */
const ALIVE_MS = 5_000;

type Ports = {
  readonly open: SealedWork['open'];
  readonly chats: Pick<ChatsTable, 'begin' | 'finish' | 'forget'>;
  readonly connections: Pick<Connections, 'post'>;
  readonly startAgent: StartAgent;
  /** Milliseconds that an answer may take. */
  readonly mostMs: number;
  readonly clock: () => Date;
  readonly log: (fields: Record<string, unknown>) => void;
  readonly onDefect: (error: unknown) => void;
};

/**
 * Answers one message of a conversation, and tells its page of every step as it happens. The agent, and whatever access it
 * gets, lives for this message in this call: nothing of it is stored, and the next message begins without.
 */
export function makeAnswer(ports: Ports) {
  return async (event: unknown): Promise<void> => {
    const { Records } = eventSchema.parse(event);
    const work = await ports.open(Records[0].body);
    if (!work) return ports.log({ because: 'it waited too long, or was not sealed here' });
    const { connectionId, run, subject } = work;
    const taken = { connectionId, run, owner: ownerOf(subject) };
    const row = await ports.chats.begin(taken);
    if (!row) return ports.log({ run, because: 'the conversation is over, or it was answered before' });
    const { conversation, isThere, isInTime } = await converse(work, row, ports);
    if (!isThere()) {
      await ports.chats.forget(connectionId);
      return ports.log({ run, because: 'nobody listens any more' });
    }
    const { entries } = conversation.since(0);
    const said = entries.flatMap((entry) =>
      entry.kind === 'customer' || entry.kind === 'agent' ? [{ who: entry.kind, text: entry.text }] : [],
    );
    await ports.chats.finish(taken, {
      turns: turnsAfter(row.turns, said),
      entries: row.entries + entries.length,
    });
    if (!isInTime()) await ports.connections.post(connectionId, refusal('too_slow'));
    await ports.connections.post(connectionId, { kind: 'state', state: 'idle' });
  };
}

/** Has the agent answer, while its page is told of it; ends once it is answered, too late, or the page is gone. */
async function converse(work: Work, row: ConversationRow, ports: Ports) {
  const { connectionId, subject, token, say } = work;
  const { connections, startAgent, mostMs, clock, onDefect } = ports;
  const conversation = makeConversation({
    customer: subject.id,
    startAgent: (start) => startAgent({ ...start, earlier: row.turns }),
    subjectToken: async () => token,
    onDefect,
  });
  let isThere = true;
  let isInTime = true;
  async function tell(told: Told): Promise<void> {
    if (!isThere) return;
    try {
      isThere = await connections.post(connectionId, told);
    } catch (error) {
      onDefect(error);
      isThere = false;
    }
    if (!isThere) conversation.end();
  }
  conversation.send(say);
  const alive = setInterval(() => void tell({ kind: 'state', state: 'busy' }), ALIVE_MS);
  const late = setTimeout(() => {
    isInTime = false;
    conversation.end();
  }, mostMs);
  try {
    await follow(conversation, row.entries, tell, clock);
    // Its process is kept for others' messages: nothing of this one goes on in it.
    await conversation.settled();
  } finally {
    clearInterval(alive);
    clearTimeout(late);
  }
  return { conversation, isThere: () => isThere, isInTime: () => isInTime };
}

/** Tells every change, in order; changes that come while one is being told are told together. */
async function follow(
  conversation: Conversation,
  first: number,
  tell: (told: Told) => Promise<void>,
  clock: () => Date,
): Promise<void> {
  let seen = 0;
  for (;;) {
    const next = conversation.nextChange();
    const isBusy = conversation.isBusy() && !conversation.isOver();
    const { version, entries } = conversation.since(seen);
    for (const entry of entries) {
      const shown = showEntry(entry, clock());
      await tell({ kind: 'entry', entry: { ...shown, id: first + shown.id } });
    }
    seen = version;
    if (!isBusy) return;
    await next;
  }
}
