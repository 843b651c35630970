import { EventEmitter } from 'node:events';
import { type MessageBlock, messageBlocksSchema } from './check-blocks.ts';
import { makeModals } from './modals.ts';
import { SlackError } from './slack-error.ts';

export const TEAM_ID = 'T0BANK';
export const BOT_USER_ID = 'U0POSTERN';

/** Characters of a message's text. */
const MOST_TEXT = 40_000;

export type Person = { readonly userId: string; readonly name: string };
export type Channel = {
  readonly id: string;
  /** `#access-approvals`, or for a direct message, whom it is with. */
  readonly name: string;
  /** The person whose direct messages these are. */
  readonly memberId?: string;
};
export type Message = {
  readonly channel: string;
  readonly ts: string;
  readonly text: string;
  readonly blocks: readonly MessageBlock[];
  readonly threadTs?: string;
  /** Shown to this person only. */
  readonly onlyTo?: string;
  readonly edited?: boolean;
};
type Posting = { text?: unknown; blocks?: unknown; thread_ts?: unknown };

/** Text and blocks as Slack takes them. Throws SlackError where Slack would refuse them. */
function checked({ text = '', blocks = [] }: Posting): { text: string; blocks: MessageBlock[] } {
  if (typeof text !== 'string' || text.length > MOST_TEXT) throw new SlackError('msg_too_long');
  const parsed = messageBlocksSchema.safeParse(blocks);
  if (!parsed.success) throw new SlackError('invalid_blocks');
  if (text === '' && parsed.data.length === 0) throw new SlackError('no_text');
  return { text, blocks: parsed.data };
}

type Options = {
  readonly people: readonly Person[];
  /** With the `#`. */
  readonly channelNames: readonly string[];
  /** User ids by Slack user group. */
  readonly userGroups?: Readonly<Record<string, readonly string[]>>;
  readonly now?: () => number;
};

/** A Slack workspace, in memory: its people, its channels, what was said, and the modals that are open. */
export function makeWorkspace({ people, channelNames, userGroups = {}, now = Date.now }: Options) {
  const channels: Channel[] = [...new Set(channelNames)].map((name) => ({
    id: `C0${name.replaceAll(/[^a-z0-9]/gi, '').toUpperCase()}`,
    name,
  }));
  const messages: Message[] = [];
  const events = new EventEmitter<{ changed: [] }>();
  events.setMaxListeners(0);
  let posted = 0;

  const changed = () => void events.emit('changed');
  const isPerson = (userId: unknown) => people.some((person) => person.userId === userId);

  function directMessages(userId: string): Channel {
    if (!isPerson(userId)) throw new SlackError('user_not_found');
    const found = channels.find(({ memberId }) => memberId === userId);
    if (found) return found;
    const channel: Channel = { id: `D0${userId.slice(2)}`, name: 'Postern', memberId: userId };
    channels.push(channel);
    return channel;
  }

  /** By id, by name with or without its `#`, or a user's own. */
  function channelOf(named: unknown): Channel {
    if (isPerson(named)) return directMessages(String(named));
    const bare = String(named).replace(/^#/, '');
    const found = channels.find(({ id, name }) => id === named || name.replace(/^#/, '') === bare);
    if (!found) throw new SlackError('channel_not_found');
    return found;
  }

  function indexOf(channel: unknown, ts: unknown): number {
    const { id } = channelOf(channel);
    const index = messages.findIndex(
      (message) => message.channel === id && message.ts === ts && message.onlyTo === undefined,
    );
    if (index < 0) throw new SlackError('message_not_found');
    return index;
  }

  function add(channel: Channel, message: Posting, onlyTo?: string): Message {
    posted += 1;
    const { thread_ts: threadTs } = message;
    const said: Message = {
      channel: channel.id,
      ts: `${Math.floor(now() / 1000)}.${String(posted).padStart(6, '0')}`,
      ...checked(message),
      ...(typeof threadTs === 'string' && { threadTs }),
      ...(onlyTo !== undefined && { onlyTo }),
    };
    messages.push(said);
    changed();
    return said;
  }

  return {
    people,
    channels: channels as readonly Channel[],
    events,
    directMessages,
    channelOf,
    isPerson,

    /** What a person sees in a channel, oldest first. */
    messagesIn: (channel: string, userId?: string): Message[] => {
      const { id } = channelOf(channel);
      return messages.filter(
        (message) => message.channel === id && (message.onlyTo === undefined || message.onlyTo === userId),
      );
    },
    /** What was said to this person alone, wherever, oldest first. */
    whispersTo: (userId: string): Message[] => messages.filter(({ onlyTo }) => onlyTo === userId),
    /** Everything that was said, oldest first. */
    all: (): readonly Message[] => messages,

    post: (channel: unknown, message: Posting): Message => add(channelOf(channel), message),
    whisper(channel: unknown, userId: unknown, message: Posting): Message {
      const where = channelOf(channel);
      if (!isPerson(userId)) throw new SlackError('user_not_in_channel');
      return add(where, message, String(userId));
    },
    update(channel: unknown, ts: unknown, message: Posting): Message {
      const index = indexOf(channel, ts);
      const edited = { ...(messages[index] as Message), ...checked(message), edited: true };
      messages[index] = edited;
      changed();
      return edited;
    },
    remove(channel: unknown, ts: unknown): void {
      messages.splice(indexOf(channel, ts), 1);
      changed();
    },
    membersOf(userGroup: unknown): readonly string[] {
      const members = userGroups[String(userGroup)];
      if (!members) throw new SlackError('no_such_subteam');
      return members;
    },

    ...makeModals(changed, now),
  };
}
export type Workspace = ReturnType<typeof makeWorkspace>;
