/** What callers saw and STS did, beside what the broker itself says: the invariants are held against both. */
export type Journal = {
  /** Requests that the API accepted, by their id. */
  readonly accepted: Set<string>;
  /** Access keys that callers were handed, by request. */
  readonly delivered: Map<string, Set<string>>;
  /** Sessions that STS made for the broker, by request. */
  readonly minted: Map<string, number>;
};

export const newJournal = (): Journal => ({ accepted: new Set(), delivered: new Map(), minted: new Map() });

export function noteDelivered({ delivered }: Journal, requestId: string, accessKeyId: string): void {
  const keys = delivered.get(requestId) ?? new Set();
  delivered.set(requestId, keys.add(accessKeyId));
}

export function noteMinted({ minted }: Journal, requestId: string): void {
  minted.set(requestId, (minted.get(requestId) ?? 0) + 1);
}
