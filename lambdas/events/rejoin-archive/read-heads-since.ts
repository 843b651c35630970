import type { ArchiveReader } from '../../shared/adapters/audit/archive-reader.ts';
import { ARCHIVE_PREFIXES } from '../../shared/domain/audit/archive-keys.ts';
import { byKey, firstOf } from '../../shared/domain/audit/archived-version.ts';
import { isAfterRestore, type LostRecord } from '../../shared/domain/audit/restoration.ts';
import { bytesOfHeads, signedHeadsSchema } from '../../shared/domain/audit/signed-heads.ts';

type Ports = {
  readonly archive: Pick<ArchiveReader, 'versionsOf' | 'read'>;
  readonly isSigned: (bytes: Uint8Array, signature: string) => boolean;
};

/** The records that heads signed after a time name, newest heads first. Heads without a good signature count as none. */
export async function readHeadsSince(
  restoredTo: string,
  { archive, isSigned }: Ports,
): Promise<LostRecord[]> {
  const objects = await byKey(archive.versionsOf(ARCHIVE_PREFIXES.heads));
  const named: LostRecord[] = [];
  for (const key of [...objects.keys()].sort().reverse()) {
    const object = await firstOf(objects.get(key) ?? [], archive.read);
    const heads = object && signedHeads(object.text, isSigned);
    if (heads && !isAfterRestore(heads.at, restoredTo)) break;
    named.push(...(heads?.heads ?? []));
  }
  return named;
}

function signedHeads(text: string, isSigned: Ports['isSigned']) {
  try {
    const { heads, signature } = signedHeadsSchema.parse(JSON.parse(text));
    return isSigned(bytesOfHeads(heads), signature) ? heads : undefined;
  } catch {
    return undefined;
  }
}
