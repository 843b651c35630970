/**
 * What somebody wants to be able to do on resources of one kind. It is what a model says, in a schema, in place of a
 * policy: which statements that makes is decided by code.
 */
export type WantedAccess = {
  readonly service: string;
  /** A kind of resource, by IAM's name for it; absent where the actions take no resource. */
  readonly type?: string;
  /** A resource's name, the end of its ARN, or the whole; absent where it is open. */
  readonly name?: string;
  /** As AWS writes them; no wildcards. */
  readonly actions: readonly string[];
  /** The words that asked for it. Text from outside. */
  readonly words: string;
};

/** All that is wanted, and what was answered to the questions that it leaves open, by their ids. */
export type Intent = {
  readonly accesses: readonly WantedAccess[];
  readonly answers: Readonly<Record<string, string>>;
};

/** What an intent leaves open. */
export type Question = {
  /** `account`, `region`, `assumedBy`, `externalId`; `name.1`, `key.1`, `role.1` of the first access, and so on. */
  readonly id: string;
  readonly question: string;
  /** Answers as they may be written. */
  readonly examples: readonly string[];
};

/** Bounds of an intent: more is not one job. */
export const MOST_ACCESSES = 20;
export const MOST_ACTIONS = 40;
