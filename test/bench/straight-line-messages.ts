/** What the straight-line broker is told to do. */
export type StraightLineTask = {
  readonly n: number;
  readonly concurrency: number;
  readonly principalIds: readonly string[];
};

/** Milliseconds, by request. `own` leaves out every call over the network; it means nothing where requests overlap. */
export type StraightLineAnswer = {
  readonly samples: readonly number[];
  readonly own: readonly number[];
  readonly parts: readonly (readonly [string, number[]])[];
  readonly ownParts: readonly (readonly [string, number[]])[];
};
