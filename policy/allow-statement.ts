/** A condition block of a policy: operator, key, values. */
export type Condition = Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;

/** An Allow statement of a session policy; a session policy holds no other kind. */
export type Statement = {
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly condition?: Condition;
};
