import type { IssuerOptions } from '../sign-in/issuer.ts';
import type { StartAgent } from './chat-agent.ts';

/** A message that is one press away. */
export type Scene = { readonly name: string; readonly label: string; readonly message: string };

/** What any chat's pages need, wherever its agent runs. */
export type ChatSiteOptions = {
  /** Where browsers find the chat: an origin that no other page of ours has. Asked at each call. */
  readonly publicUrl: () => string;
  /** Signs customers in. */
  readonly issuer: () => IssuerOptions;
  /** Seals the chat's cookies, and no other's. At least 32 characters that nobody guesses. */
  readonly cookieSecret: () => Promise<string>;
  /** What answers, in words: people are told where it is no language model. */
  readonly model: string;
  readonly scenes: (customer: string) => readonly Scene[];
  /** Told the name and the place of a defect, never its message, which may quote anything. */
  readonly onDefect?: (defect: { readonly name: string; readonly place: string | undefined }) => void;
  readonly clock?: () => Date;
};

/** A chat whose agents run where its pages are made. */
export type ChatOptions = ChatSiteOptions & { readonly startAgent: StartAgent };
