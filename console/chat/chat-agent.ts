import type { RequestView } from '../../lambdas/front-door/request-views.ts';

/** What an agent does, as whoever watches it hears of it. No step holds a credential. */
export type AgentStep =
  | { readonly kind: 'text'; readonly piece: string }
  | { readonly kind: 'call'; readonly tool: string; readonly args: string }
  /** How the request stands that the last call makes. */
  | { readonly kind: 'progress'; readonly request: RequestView }
  /** What the model is told of its last call. */
  | { readonly kind: 'result'; readonly text: string };

/** Something that was said, as a later process of the same conversation is told of it. */
export type Turn = { readonly who: 'customer' | 'agent'; readonly text: string };

export type AgentStart = {
  /** Who is signed in: from their token, never from the chat. */
  readonly customer: string;
  readonly subjectToken: () => Promise<string>;
  readonly onStep: (step: AgentStep) => void;
  /** Aborted once nobody listens any more: whatever it does, or waits for, ends. */
  readonly signal?: AbortSignal | undefined;
  /** What was said before, where the conversation goes on in another process. */
  readonly earlier?: readonly Turn[] | undefined;
};

/** Answers one message of the customer, step by step. Throws ModelDown, and what is a defect. */
export type ChatAgent = (message: string) => Promise<void>;
/** Starts an agent for one conversation. Whatever access it gets stays in it. */
export type StartAgent = (start: AgentStart) => ChatAgent | Promise<ChatAgent>;

/** The language model cannot be asked. */
export class ModelDown extends Error {
  override readonly name = 'ModelDown';
}
