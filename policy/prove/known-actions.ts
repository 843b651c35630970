/**
 * The actions that there are, given by whoever asks for a proof: a request that shows a policy to be wider is then
 * one that AWS could be sent. A proof does not rest on it, so an action that AWS adds tomorrow makes none untrue.
 */
export type KnownActions = {
  /** Prefixes, in lower case. */
  readonly services: readonly string[];
  readonly actionsOf: (service: string) => readonly KnownAction[];
  /** Whether a condition key, in lower case, may have several values; undefined where it is not known. */
  readonly isOfSeveral: (key: string) => boolean | undefined;
};

export type KnownAction = {
  /** As AWS writes it: `s3:GetObject`. */
  readonly name: string;
  /** In lower case: keys that any call of it may carry, besides AWS's global ones. A key of tags ends in a slash. */
  readonly keys: readonly string[];
  /** The kinds of resources it is about; none where it takes `*` alone. */
  readonly resources: readonly {
    /** The ARN, with `*` for what differs. */
    readonly arn: string;
    readonly keys: readonly string[];
  }[];
};
