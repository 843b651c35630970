import { randomBytes } from 'node:crypto';
import type { BaseSession } from '../sign-in/cookies.ts';
import type { StartAgent } from './chat-agent.ts';
import { type Conversation, makeConversation } from './conversation.ts';

/** Conversations of one sign-in and of all: the memory of one process is not a stranger's to fill. */
const MOST_EACH = 8;
const MOST_TOGETHER = 200;
/** Milliseconds after its last use at which a conversation is forgotten. */
const IDLE_MS = 30 * 60 * 1000;

type Stored = {
  readonly conversation: Conversation;
  /** The sign-in that it belongs to. */
  readonly owner: string;
  usedAtMs: number;
  /** The newest token of whoever is signed in: an agent asks with none older. */
  token: string;
};
type ConversationsOptions = {
  readonly startAgent: StartAgent;
  readonly clock: () => Date;
  readonly onDefect: (error: unknown) => void;
};

/** A sign-in is told from others by the word in its forms, which is random and in no address. */
const ownerOf = ({ csrf }: BaseSession): string => csrf;

/** The conversations of this process, each of one sign-in alone. Nothing of them outlives it. */
export function makeConversations({ startAgent, clock, onDefect }: ConversationsOptions) {
  const stored = new Map<string, Stored>();

  function drop(id: string): void {
    stored.get(id)?.conversation.end();
    stored.delete(id);
  }
  function forgetIdle(): void {
    const now = clock().getTime();
    for (const [id, { usedAtMs, conversation }] of stored)
      if (now - usedAtMs > IDLE_MS && !conversation.isBusy()) drop(id);
  }
  /** The first that is not being answered gives way: the oldest used. */
  function makeRoom(owner: string): boolean {
    const own = [...stored].filter(([, each]) => each.owner === owner);
    if (own.length < MOST_EACH) return stored.size < MOST_TOGETHER;
    const [idle] = own
      .filter(([, { conversation }]) => !conversation.isBusy())
      .sort(([, left], [, right]) => left.usedAtMs - right.usedAtMs);
    if (idle) drop(idle[0]);
    return idle !== undefined;
  }

  return {
    /** A new conversation; undefined where there is no room for another. */
    open(session: BaseSession): { id: string; conversation: Conversation } | undefined {
      forgetIdle();
      if (!makeRoom(ownerOf(session))) return undefined;
      const id = randomBytes(16).toString('base64url');
      const each: Stored = {
        conversation: makeConversation({
          customer: session.who,
          startAgent,
          subjectToken: async () => each.token,
          onDefect,
        }),
        owner: ownerOf(session),
        usedAtMs: clock().getTime(),
        token: session.token,
      };
      stored.set(id, each);
      return { id, conversation: each.conversation };
    },
    /** A conversation of this sign-in; another's is not there. */
    find(id: string, session: BaseSession): Conversation | undefined {
      forgetIdle();
      const each = stored.get(id);
      if (each?.owner !== ownerOf(session)) return undefined;
      each.usedAtMs = clock().getTime();
      each.token = session.token;
      return each.conversation;
    },
    /** Ends all of a sign-in that is over. */
    endAll(session: BaseSession): void {
      for (const [id, { owner }] of stored) if (owner === ownerOf(session)) drop(id);
    },
  };
}
export type Conversations = ReturnType<typeof makeConversations>;
