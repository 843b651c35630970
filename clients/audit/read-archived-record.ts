import type { ArchiveReader } from '../../lambdas/shared/adapters/audit/archive-reader.ts';
import {
  type ArchivedVersion,
  type ArchiveFinding,
  firstOf,
} from '../../lambdas/shared/domain/audit/archived-version.ts';
import type { AuditRecord } from '../../lambdas/shared/domain/audit/audit-record.ts';
import { authenticRecord, type IsGenuine } from '../../lambdas/shared/domain/audit/is-authentic.ts';
import { digestOf } from '../../lambdas/shared/domain/digest.ts';

/** A genuine record of the archive, the digest of all that was archived of it, and when it was. */
export type ArchivedRecord = {
  readonly record: AuditRecord;
  readonly digest: string;
  readonly storedAt: string;
};

type Ports = {
  readonly archive: Pick<ArchiveReader, 'read'>;
  readonly readImage: (image: Readonly<Record<string, unknown>>) => unknown;
  readonly isGenuine: IsGenuine;
};

/** The record that an object of the archive is, where it is genuine and `belongs` there; and what was done to the object. */
export async function readArchivedRecord(
  key: string,
  versions: readonly ArchivedVersion[],
  belongs: (record: AuditRecord) => boolean,
  { archive, readImage, isGenuine }: Ports,
): Promise<{ archived?: ArchivedRecord; damage: readonly ArchiveFinding[] }> {
  const object = await firstOf(versions, archive.read);
  if (!object) return { damage: [{ key, problem: 'deleted', storedAt: versions[0]?.storedAt ?? '' }] };
  const { text, storedAt, findings: damage } = object;
  const item = readImage(imageIn(text));
  const record = await authenticRecord(item, isGenuine);
  if (!record || !belongs(record)) return { damage: [...damage, { key, problem: 'unauthentic', storedAt }] };
  return { archived: { record, digest: digestOf(item), storedAt }, damage };
}

function imageIn(text: string): Record<string, unknown> {
  try {
    const image: unknown = JSON.parse(text);
    return image !== null && typeof image === 'object' ? (image as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
