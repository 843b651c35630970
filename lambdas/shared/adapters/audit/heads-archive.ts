import { keyOfHeads, keyOfRecord } from '../../domain/audit/archive-keys.ts';
import { type SignedHeads, signedHeadsSchema } from '../../domain/audit/signed-heads.ts';
import { canonicalJson } from '../../domain/digest.ts';
import type { ArchiveBucket } from './archive-bucket.ts';

/** Heads read side by side. */
const AT_ONCE = 20;

/**
 * The signed heads in the archive, numbered without a gap. Nobody can remove one (Object Lock), so the last is
 * found by asking for numbers, without a listing.
 */
export function makeHeadsArchive(bucket: Pick<ArchiveBucket, 'get' | 'putOnce'>) {
  const textOf = (number: number) => bucket.get(keyOfHeads(number));

  /** The highest number there is; 0 where there is none: doubled until it misses, then halved between. */
  async function lastNumber(): Promise<number> {
    let missing = 1;
    while ((await textOf(missing)) !== undefined) missing *= 2;
    let found = missing === 1 ? 0 : missing / 2;
    while (missing - found > 1) {
      const middle = Math.floor((found + missing) / 2);
      if ((await textOf(middle)) === undefined) missing = middle;
      else found = middle;
    }
    return found;
  }

  return {
    async last(): Promise<SignedHeads | undefined> {
      const number = await lastNumber();
      const text = number > 0 ? await textOf(number) : undefined;
      return text === undefined ? undefined : signedHeadsSchema.parse(JSON.parse(text));
    },

    /** Every one, in order, as its text: what it says is for the reader to verify. */
    async *all(): AsyncGenerator<string> {
      for (let first = 1; ; first += AT_ONCE) {
        const numbers = Array.from({ length: AT_ONCE }, (_, index) => first + index);
        const texts = await Promise.all(numbers.map(textOf));
        for (const text of texts) {
          if (text === undefined) return;
          yield text;
        }
      }
    },

    /** Whether a record of this place was ever archived. */
    hasRecord: async (chain: string, seq: number): Promise<boolean> =>
      (await bucket.get(keyOfRecord(chain, seq))) !== undefined,

    /** False where heads of this number are there already. */
    put: (signed: SignedHeads): Promise<boolean> =>
      bucket.putOnce(keyOfHeads(signed.heads.number), canonicalJson(signed)),
  };
}
export type HeadsArchive = ReturnType<typeof makeHeadsArchive>;
