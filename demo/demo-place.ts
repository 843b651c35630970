/** Keys that a call is signed with. */
export type KeyPair = {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
};

/** Who may call the demo's broker, and where its end users get their tokens. */
export type DemoAccess = {
  readonly principals: Readonly<Record<string, KeyPair>>;
  readonly subjects: Readonly<Record<string, DemoSubject>>;
};

export type DemoSubject = {
  readonly tokenUrl: string;
  /** What the customer's tokens name as subject and the bank's rows are keyed by, where that is not their name. */
  readonly id?: string;
};

type SlackMessage = { readonly blocks: readonly unknown[] };

/** The Slack workspace that the story is played in, as far as it reads and presses. */
export type DemoSlack<Message extends SlackMessage = SlackMessage> = {
  readonly workspace: {
    all(): readonly Message[];
    whispersTo(userId: string): readonly { readonly text: string }[];
  };
  click(userId: string, message: Message, actionId: string): Promise<unknown>;
};

/** Where the story is played: a broker's addresses, its callers' keys, and its Slack. */
export type DemoPlace<Message extends SlackMessage = SlackMessage> = {
  readonly urls: { readonly api: string; readonly aws: string };
  readonly access: DemoAccess;
  readonly slack?: DemoSlack<Message> | undefined;
};
