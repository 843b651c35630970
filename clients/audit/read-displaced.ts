import type { ArchiveReader } from '../../lambdas/shared/adapters/audit/archive-reader.ts';
import { ARCHIVE_PREFIXES } from '../../lambdas/shared/domain/audit/archive-keys.ts';
import { type ArchiveFinding, byKey } from '../../lambdas/shared/domain/audit/archived-version.ts';
import type { IsGenuine } from '../../lambdas/shared/domain/audit/is-authentic.ts';
import { type ArchivedRecord, readArchivedRecord } from './read-archived-record.ts';

type Ports = {
  readonly archive: Pick<ArchiveReader, 'versionsOf' | 'read'>;
  readonly readImage: (image: Readonly<Record<string, unknown>>) => unknown;
  readonly isGenuine: IsGenuine;
};

/** Genuine records whose place in the archive was taken when they came, by chain: they, too, must stand in the table. */
export async function readDisplaced(
  ports: Ports,
): Promise<{ byChain: ReadonlyMap<string, ArchivedRecord[]>; archiveFindings: ArchiveFinding[] }> {
  const byChain = new Map<string, ArchivedRecord[]>();
  const archiveFindings: ArchiveFinding[] = [];
  for (const [key, versions] of await byKey(ports.archive.versionsOf(ARCHIVE_PREFIXES.displaced))) {
    const { archived, damage } = await readArchivedRecord(key, versions, () => true, ports);
    archiveFindings.push(...damage);
    if (archived)
      byChain.set(archived.record.chain, [...(byChain.get(archived.record.chain) ?? []), archived]);
  }
  return { byChain, archiveFindings };
}
