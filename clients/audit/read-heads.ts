import type { ArchiveReader } from '../../lambdas/shared/adapters/audit/archive-reader.ts';
import { ARCHIVE_PREFIXES, numberOfKey } from '../../lambdas/shared/domain/audit/archive-keys.ts';
import { type ArchiveFinding, byKey, firstOf } from '../../lambdas/shared/domain/audit/archived-version.ts';
import {
  bytesOfHeads,
  digestOfHeads,
  type SignedHeads,
  signedHeadsSchema,
} from '../../lambdas/shared/domain/audit/signed-heads.ts';

/**
 * What is wrong with signed heads: `missing`, they were announced or have later ones and are not in the archive;
 * `altered`, they are not what was signed under their number; `unlinked`, they name others as those before them.
 */
export type HeadsFinding = {
  readonly number: number;
  readonly problem: 'missing' | 'altered' | 'unlinked';
};

/** A place that signed heads name, and when they were signed. */
export type SignedPlace = { readonly seq: number; readonly hash: string; readonly signedAt: string };

/** Everything that was ever signed, by chain, in the order of the heads. */
type SignedPlaces = {
  readonly byChain: ReadonlyMap<string, readonly SignedPlace[]>;
  /** Heads that bear the key's signature. */
  readonly count: number;
  readonly until?: string;
  readonly findings: readonly HeadsFinding[];
  readonly archiveFindings: readonly ArchiveFinding[];
};

type IsSigned = (bytes: Uint8Array, signature: string) => boolean;

/** Heads read side by side. */
const AT_ONCE = 20;

/**
 * Reads all signed heads, as they were archived first. Each must bear the key's signature, its own number, and the
 * digest of the one before; up to `announced`, none may be missing. What bears a signature is believed, whatever is
 * wrong with others.
 */
export async function readHeads(
  archive: Pick<ArchiveReader, 'versionsOf' | 'read'>,
  isSigned: IsSigned,
  announced: number,
): Promise<SignedPlaces> {
  const objects = await byKey(archive.versionsOf(ARCHIVE_PREFIXES.heads));
  const keys = [...objects.keys()].sort();
  const signed = new Map<number, SignedHeads | undefined>();
  const archiveFindings: ArchiveFinding[] = [];
  for (let first = 0; first < keys.length; first += AT_ONCE) {
    const batch = keys.slice(first, first + AT_ONCE);
    const read = await Promise.all(batch.map((key) => firstOf(objects.get(key) ?? [], archive.read)));
    batch.forEach((key, index) => {
      const object = read[index];
      archiveFindings.push(...(object?.findings ?? []));
      const number = numberOfKey(key);
      if (number !== undefined && object) signed.set(number, signedHeads(object.text, number, isSigned));
      else archiveFindings.push({ key, problem: 'unauthentic', storedAt: object?.storedAt ?? '' });
    });
  }
  const good = [...signed.values()].filter((heads) => heads !== undefined);
  const last = good.at(-1);
  return {
    byChain: placesIn(good),
    count: good.length,
    ...(last && { until: last.heads.at }),
    findings: findingsIn(signed, Math.max(announced, ...signed.keys())),
    archiveFindings,
  };
}

/** The heads that a text is, where it is what was signed under this number. */
function signedHeads(text: string, number: number, isSigned: IsSigned): SignedHeads | undefined {
  const heads = parse(text);
  return heads?.heads.number === number && isSigned(bytesOfHeads(heads.heads), heads.signature)
    ? heads
    : undefined;
}

function findingsIn(signed: ReadonlyMap<number, SignedHeads | undefined>, newest: number): HeadsFinding[] {
  const findings: HeadsFinding[] = [];
  for (let number = 1; number <= newest; number++) {
    const heads = signed.get(number);
    const before = signed.get(number - 1);
    if (!signed.has(number)) findings.push({ number, problem: 'missing' });
    else if (!heads) findings.push({ number, problem: 'altered' });
    else if (number === 1 ? heads.heads.previous !== undefined : before && !follows(heads, before))
      findings.push({ number, problem: 'unlinked' });
  }
  return findings;
}

const follows = ({ heads }: SignedHeads, before: SignedHeads): boolean =>
  heads.previous === digestOfHeads(before);

function placesIn(all: readonly SignedHeads[]): Map<string, SignedPlace[]> {
  const byChain = new Map<string, SignedPlace[]>();
  for (const { heads } of all)
    for (const { chain, seq, hash } of heads.heads) {
      const places = byChain.get(chain) ?? [];
      places.push({ seq, hash, signedAt: heads.at });
      byChain.set(chain, places);
    }
  return byChain;
}

function parse(text: string): SignedHeads | undefined {
  try {
    return signedHeadsSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
