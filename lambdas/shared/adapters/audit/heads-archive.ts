import { keyOfHeads } from '../../domain/audit/archive-keys.ts';
import { type SignedHeads, signedHeadsSchema } from '../../domain/audit/signed-heads.ts';
import { canonicalJson } from '../../domain/digest.ts';
import type { ArchiveBucket } from './archive-bucket.ts';

/** The signed heads in the archive, numbered without a gap, for whoever signs the next. */
export function makeHeadsArchive(bucket: Pick<ArchiveBucket, 'get' | 'putOnce'>) {
  return {
    /** The heads of a number; undefined where there are none. */
    async get(number: number): Promise<SignedHeads | undefined> {
      const text = await bucket.get(keyOfHeads(number));
      return text === undefined ? undefined : signedHeadsSchema.parse(JSON.parse(text));
    },

    /** False where heads of this number are there already. */
    put: (signed: SignedHeads): Promise<boolean> =>
      bucket.putOnce(keyOfHeads(signed.heads.number), canonicalJson(signed)),
  };
}
export type HeadsArchive = ReturnType<typeof makeHeadsArchive>;
