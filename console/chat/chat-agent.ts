import type { RequestView } from '../../lambdas/front-door/request-views.ts';

/** What an agent does, as whoever watches it hears of it. No step holds a credential. */
export type AgentStep =
  | { readonly kind: 'text'; readonly piece: string }
  | { readonly kind: 'call'; readonly tool: string; readonly args: string }
  /** How the request stands that the last call makes. */
  | { readonly kind: 'progress'; readonly request: RequestView }
  /** What the model is told of its last call. */
  | { readonly kind: 'result'; readonly text: string };

export type AgentStart = {
  /** Who is signed in: from their token, never from the chat. */
  readonly customer: string;
  readonly subjectToken: () => Promise<string>;
  readonly onStep: (step: AgentStep) => void;
};

/** Answers one message of the customer, step by step. Throws ModelDown, and what is a defect. */
export type ChatAgent = (message: string) => Promise<void>;
/** Starts an agent for one conversation. Whatever access it gets stays in it. */
export type StartAgent = (start: AgentStart) => ChatAgent | Promise<ChatAgent>;

/** The language model cannot be asked. */
export class ModelDown extends Error {
  override readonly name = 'ModelDown';
}
