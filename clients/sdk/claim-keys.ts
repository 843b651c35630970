import {
  makeRecipientKeyPair,
  type RecipientKeyPair,
} from '../../lambdas/shared/adapters/sessions/recipient-keys.ts';

/** Requests whose keys are remembered; each is one that was not answered yet. */
const MOST_REMEMBERED = 1_000;

/**
 * The one-time keys that requests are asked and claimed with, by the handle's idempotency key, in the memory of this process
 * alone: whoever takes up a request of another process claims with a key of its own.
 */
export type ClaimKeys = {
  /** The key pair of a request; made at the first call. */
  keysOf(idempotencyKey: string): Promise<RecipientKeyPair>;
  /** Whether the request was asked with a key of this process. */
  has(idempotencyKey: string): boolean;
  forget(idempotencyKey: string): void;
};

export function makeClaimKeys(make = makeRecipientKeyPair): ClaimKeys {
  const pairs = new Map<string, Promise<RecipientKeyPair>>();
  return {
    keysOf(idempotencyKey) {
      const found = pairs.get(idempotencyKey);
      if (found) return found;
      const [oldest] = pairs.keys();
      if (oldest !== undefined && pairs.size >= MOST_REMEMBERED) pairs.delete(oldest);
      const made = make();
      pairs.set(idempotencyKey, made);
      return made;
    },
    has: (idempotencyKey) => pairs.has(idempotencyKey),
    forget: (idempotencyKey) => void pairs.delete(idempotencyKey),
  };
}
