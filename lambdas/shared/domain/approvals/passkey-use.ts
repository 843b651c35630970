import * as z from 'zod';

/** The last use of a passkey whose authenticator counts them. */
export const passkeyUseSchema = z.object({
  /** As its authenticator counted. */
  counter: z.int().min(0).max(0xffff_ffff),
  votedAt: z.iso.datetime(),
  /** Digest of the ballot that it proved: that one may be counted again. */
  ballotDigest: z.string(),
});
export type PasskeyUse = z.infer<typeof passkeyUseSchema>;

/**
 * What a use is beside the last one that is known. `advances`: it is the newest. `counts`: it is the very same, or an older
 * one that is counted later, as votes on two requests can be. `regressed`: an authenticator that counts has never made
 * both, so there may be a copy of it. One that does not count says 0 always.
 * @see https://www.w3.org/TR/webauthn-3/#sctn-sign-counter
 */
export function judgeUse(use: PasskeyUse, last: PasskeyUse | undefined): 'advances' | 'counts' | 'regressed' {
  if (!last) return use.counter > 0 ? 'advances' : 'counts';
  if (use.ballotDigest === last.ballotDigest && use.counter === last.counter) return 'counts';
  const isLater = use.votedAt >= last.votedAt;
  if (use.counter > last.counter && isLater) return 'advances';
  if (use.counter < last.counter && use.votedAt <= last.votedAt) return 'counts';
  return 'regressed';
}
