import {
  bytesOfHeads,
  digestOfHeads,
  type SignedHeads,
  signedHeadsSchema,
} from '../../lambdas/shared/domain/audit/signed-heads.ts';

/** Everything that was ever signed, by chain and place. */
type SignedPlaces = {
  readonly byChain: ReadonlyMap<string, ReadonlyMap<number, string>>;
  readonly count: number;
  readonly until?: string;
  /** The number of the first that is not as it was signed; nothing behind it is believed. */
  readonly bad?: number;
};

/** Reads signed heads from the first to the last: each must bear the key's signature and name the one before. */
export async function readHeads(
  texts: AsyncIterable<string>,
  isSigned: (bytes: Uint8Array, signature: string) => boolean,
): Promise<SignedPlaces> {
  const byChain = new Map<string, Map<number, string>>();
  let last: SignedHeads | undefined;
  for await (const text of texts) {
    const number: number = (last?.heads.number ?? 0) + 1;
    const signed = parse(text);
    if (!signed || !follows(signed, last) || !isSigned(bytesOfHeads(signed.heads), signed.signature))
      return { byChain, count: number - 1, bad: number };
    for (const { chain, seq, hash } of signed.heads.heads) {
      const places = byChain.get(chain) ?? new Map<number, string>();
      byChain.set(chain, places.set(seq, hash));
    }
    last = signed;
  }
  return { byChain, count: last?.heads.number ?? 0, ...(last && { until: last.heads.at }) };
}

function follows({ heads }: SignedHeads, last: SignedHeads | undefined): boolean {
  const number = (last?.heads.number ?? 0) + 1;
  return heads.number === number && heads.previous === (last && digestOfHeads(last));
}

function parse(text: string): SignedHeads | undefined {
  try {
    return signedHeadsSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
