import { type Card, openCard, settleCard, tellProgress } from './cards.ts';
import { type AgentStep, type ChatAgent, ModelDown, type StartAgent } from './chat-agent.ts';

type Content =
  | { readonly kind: 'customer' | 'agent' | 'problem'; readonly text: string }
  | { readonly kind: 'card'; readonly card: Card };
/** Something said or done. `version` grows with each change of the conversation. */
export type Entry = Content & { readonly id: number; readonly version: number };

/** Entries of one conversation, and characters of one answer: a model that goes on and on is cut. */
const MOST_ENTRIES = 300;
const MOST_TEXT = 8000;

const MODEL_DOWN = 'The agent’s model does not answer. Say it again in a moment: the agent starts anew then.';
const BROKE_OFF = 'The answer broke off. Say it again: the agent starts anew then.';

type ConversationOptions = {
  readonly customer: string;
  readonly startAgent: StartAgent;
  readonly subjectToken: () => Promise<string>;
  readonly onDefect: (error: unknown) => void;
};

/**
 * A conversation of one customer with an agent of its own: what was said, and each call of a tool. What the agent holds
 * stays in the agent; here is only what may be shown.
 */
export function makeConversation({ customer, startAgent, subjectToken, onDefect }: ConversationOptions) {
  const entries: Entry[] = [];
  let version = 0;
  let change = Promise.withResolvers<void>();
  let running: Promise<void> | undefined;
  let agent: ChatAgent | undefined;
  let isOver = false;
  const over = new AbortController();

  function changed(): void {
    const woken = change;
    change = Promise.withResolvers();
    woken.resolve();
  }
  function put(content: Content, id = entries.length): void {
    version += 1;
    entries[id] = { ...content, id, version };
    changed();
  }

  /** The tool whose card is the last entry. */
  let tool = '';
  function hear(step: AgentStep): void {
    if (isOver) return;
    const last = entries.at(-1);
    if (step.kind === 'call') {
      tool = step.tool;
      put({ kind: 'card', card: openCard(step.tool, step.args) });
    } else if (step.kind === 'text') {
      const id = last?.kind === 'agent' ? last.id : undefined;
      const before = last?.kind === 'agent' ? last.text : '';
      if (before.length < MOST_TEXT)
        put({ kind: 'agent', text: (before + step.piece).slice(0, MOST_TEXT) }, id);
    } else if (last?.kind === 'card') {
      const card =
        step.kind === 'progress'
          ? tellProgress(last.card, step.request)
          : settleCard(last.card, tool, step.text);
      put({ kind: 'card', card }, last.id);
    }
  }

  async function answer(message: string): Promise<void> {
    try {
      agent ??= await startAgent({ customer, subjectToken, onStep: hear, signal: over.signal });
      await agent(message);
    } catch (error) {
      // What the model was sent may end in the middle of a call: no model takes that up again.
      agent = undefined;
      if (isOver) return;
      const isDown = error instanceof ModelDown;
      if (!isDown) onDefect(error);
      put({ kind: 'problem', text: isDown ? MODEL_DOWN : BROKE_OFF });
    }
  }

  return {
    customer,
    /** Takes a message, unless the last is still being answered or there is no more room. */
    send(message: string): 'taken' | 'busy' | 'full' {
      if (running) return 'busy';
      if (isOver || entries.length >= MOST_ENTRIES) return 'full';
      put({ kind: 'customer', text: message });
      running = answer(message).finally(() => {
        running = undefined;
        changed();
      });
      return 'taken';
    },
    isBusy: () => running !== undefined,
    isOver: () => isOver,
    /** Resolves once what was sent is answered. */
    settled: async () => running,
    /** Resolves at the next change. To be taken before `since`: no change falls between the two. */
    nextChange: () => change.promise,
    since: (seen: number) => ({ version, entries: entries.filter((entry) => entry.version > seen) }),
    /** Ends it: its agent is stopped and let go, and with it whatever access that has. */
    end(): void {
      isOver = true;
      agent = undefined;
      over.abort();
      changed();
    },
  };
}
export type Conversation = ReturnType<typeof makeConversation>;
