import type { ArchiveReader } from '../../shared/adapters/audit/archive-reader.ts';
import { ARCHIVE_PREFIXES, prefixOfChain } from '../../shared/domain/audit/archive-keys.ts';
import { byKey, firstOf } from '../../shared/domain/audit/archived-version.ts';
import type { AuditRecord } from '../../shared/domain/audit/audit-record.ts';
import { authenticRecord, type IsGenuine } from '../../shared/domain/audit/is-authentic.ts';
import { isAfterRestore } from '../../shared/domain/audit/restoration.ts';

export type ArchivePorts = {
  readonly archive: Pick<ArchiveReader, 'versionsOf' | 'read'>;
  readonly readImage: (image: Readonly<Record<string, unknown>>) => unknown;
  readonly isGenuine: IsGenuine;
};

/** An archived record, and the whole item that it was archived as. */
export type Archived = { readonly record: AuditRecord; readonly item: object };

/** Objects read side by side. */
const AT_ONCE = 50;

/**
 * The genuine records of a chain that the archive took after a time, in the order of their places. What is older is
 * not read: restoring to that time cannot have lost it.
 */
export async function readArchivedSince(
  chain: string,
  restoredTo: string,
  ports: ArchivePorts,
): Promise<Archived[]> {
  const own = await readSince(prefixOfChain(chain), restoredTo, ports);
  return own.filter(({ record }) => record.chain === chain);
}

/** The genuine records, of all chains, that the archive took after a time and whose place in it was taken. */
export const readDisplacedSince = (restoredTo: string, ports: ArchivePorts): Promise<Archived[]> =>
  readSince(ARCHIVE_PREFIXES.displaced, restoredTo, ports);

async function readSince(prefix: string, restoredTo: string, ports: ArchivePorts): Promise<Archived[]> {
  const objects = await byKey(ports.archive.versionsOf(prefix));
  const young = [...objects.values()].filter((versions) =>
    versions.some(({ storedAt }) => isAfterRestore(storedAt, restoredTo)),
  );
  const found: Archived[] = [];
  for (let first = 0; first < young.length; first += AT_ONCE) {
    const batch = young.slice(first, first + AT_ONCE);
    const read = await Promise.all(batch.map((versions) => readOne(versions, ports)));
    found.push(...read.filter((archived) => archived !== undefined));
  }
  return found.sort((first, second) => first.record.seq - second.record.seq);
}

async function readOne(
  versions: Parameters<typeof firstOf>[0],
  { archive, readImage, isGenuine }: ArchivePorts,
): Promise<Archived | undefined> {
  const object = await firstOf(versions, archive.read);
  if (!object) return undefined;
  const item = readImage(imageIn(object.text));
  const record = await authenticRecord(item, isGenuine);
  return record && { record, item: item as object };
}

function imageIn(text: string): Record<string, unknown> {
  try {
    const image: unknown = JSON.parse(text);
    return image !== null && typeof image === 'object' ? (image as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
