import type { ArchiveReader } from '../../lambdas/shared/adapters/audit/archive-reader.ts';
import type { AuditReader } from '../../lambdas/shared/adapters/audit/audit-reader.ts';
import { numberOfKey, prefixOfChain } from '../../lambdas/shared/domain/audit/archive-keys.ts';
import { type ArchiveFinding, byKey } from '../../lambdas/shared/domain/audit/archived-version.ts';
import { type AuditRecord, auditRecordSchema } from '../../lambdas/shared/domain/audit/audit-record.ts';
import { findSuperseded } from '../../lambdas/shared/domain/audit/find-superseded.ts';
import type { IsGenuine } from '../../lambdas/shared/domain/audit/is-authentic.ts';
import { nameOfLost, type Restoration } from '../../lambdas/shared/domain/audit/restoration.ts';
import type { Finding } from '../../lambdas/shared/domain/audit/verify-chain.ts';
import { digestOf } from '../../lambdas/shared/domain/digest.ts';
import { type ArchivedRecord, readArchivedRecord } from './read-archived-record.ts';

/** Minutes that a record may take from the table to the archive: the stream tries again for a day, and pages. */
const UNARCHIVED_AFTER_MINUTES = 15;
/** Objects read side by side. */
const AT_ONCE = 50;

type ArchivePorts = {
  readonly audit: Pick<AuditReader, 'itemsOf'>;
  readonly archive: Pick<ArchiveReader, 'versionsOf' | 'read'>;
  readonly readImage: (image: Readonly<Record<string, unknown>>) => unknown;
  readonly isGenuine: IsGenuine;
  readonly clock: () => Date;
};

/** What else is known of a chain. */
type Known = {
  /** Genuine records of it whose place in the archive was taken. */
  readonly displaced: readonly ArchivedRecord[];
  /** What restorations say to have lost, by its name. */
  readonly lost: ReadonlyMap<string, Restoration>;
};

export type HeldAgainstArchive = {
  readonly findings: readonly Finding[];
  readonly archiveFindings: readonly ArchiveFinding[];
  /** Hashes of all that was archived or stands in the table. */
  readonly present: ReadonlySet<string>;
  /** Those among them that the chain went on without after a restoration. */
  readonly superseded: readonly AuditRecord[];
};

/** What stands in the table, by place: the digest of all of it, its hash, and when it says it was appended. */
type Held = { readonly digest: string; readonly hash: string; readonly recordedAt: string | undefined };

/**
 * Holds a chain against the archive, both ways: every archived record must stand in the table as it was archived, but
 * for what a restoration lost, and every record of the table that is old enough must be in the archive. The archive is
 * listed first, since a record is in the table before it is archived.
 */
export async function holdAgainstArchive(
  chain: string,
  { displaced, lost }: Known,
  ports: ArchivePorts,
): Promise<HeldAgainstArchive> {
  const { own, archiveFindings } = await readOwn(chain, ports);
  const held = await heldIn(chain, ports);
  const archived = [...own, ...displaced];
  const superseded = findSuperseded(
    archived.map(({ record }) => record),
    new Map([...held].map(([seq, { hash }]) => [seq, hash])),
    (record) => lost.get(nameOfLost(record))?.restoredTo,
  );
  const newestSeq = Math.max(0, ...held.keys());
  const findings = archived.flatMap(({ record, digest, storedAt: archivedAt }): Finding[] => {
    const { seq, eventId, hash } = record;
    const found = held.get(seq);
    if (found?.digest === digest || superseded.has(hash)) return [];
    const gone = seq > newestSeq ? 'cut' : 'missing';
    return [{ chain, seq, eventId, problem: found ? 'replaced' : gone, archivedAt }];
  });
  const digests = new Set(archived.map(({ digest }) => digest));
  const named = new Set(findings.map(({ seq }) => seq));
  return {
    findings: [
      ...findings,
      ...unarchived(held, digests, ports.clock())
        .filter((seq) => !named.has(seq))
        .map((seq): Finding => ({ chain, seq, problem: 'unarchived' })),
    ],
    archiveFindings,
    present: new Set([
      ...archived.map(({ record }) => record.hash),
      ...[...held.values()].map(({ hash }) => hash),
    ]),
    superseded: archived.map(({ record }) => record).filter(({ hash }) => superseded.has(hash)),
  };
}

/** The genuine records below the chain's own prefix, and what was done to the objects there. */
async function readOwn(
  chain: string,
  ports: ArchivePorts,
): Promise<{ own: ArchivedRecord[]; archiveFindings: ArchiveFinding[] }> {
  const objects = await byKey(ports.archive.versionsOf(prefixOfChain(chain)));
  const own: ArchivedRecord[] = [];
  const archiveFindings: ArchiveFinding[] = [];
  const keys = [...objects.keys()].sort();
  const belongsTo = (key: string) => (record: AuditRecord) =>
    record.chain === chain && record.seq === numberOfKey(key);
  for (let first = 0; first < keys.length; first += AT_ONCE) {
    const batch = keys.slice(first, first + AT_ONCE);
    const read = await Promise.all(
      batch.map((key) => readArchivedRecord(key, objects.get(key) ?? [], belongsTo(key), ports)),
    );
    for (const { archived, damage } of read) {
      if (archived) own.push(archived);
      archiveFindings.push(...damage);
    }
  }
  return { own, archiveFindings };
}

async function heldIn(chain: string, { audit }: ArchivePorts): Promise<Map<number, Held>> {
  const held = new Map<number, Held>();
  for await (const item of audit.itemsOf(chain)) {
    const { seq, at: recordedAt, hash } = item as Partial<AuditRecord>;
    if (Number.isInteger(seq))
      held.set(Number(seq), { digest: digestOf(item), hash: String(hash), recordedAt });
  }
  return held;
}

/** Places whose record is old enough to be in the archive, and is not. */
function unarchived(held: ReadonlyMap<number, Held>, archived: ReadonlySet<string>, now: Date): number[] {
  const newest = now.getTime() - UNARCHIVED_AFTER_MINUTES * 60_000;
  return [...held].flatMap(([seq, { recordedAt, digest }]) =>
    !archived.has(digest) && isBefore(recordedAt, newest) ? [seq] : [],
  );
}

/** A time that cannot be read is found by the walk of the chain. */
const isBefore = (moment: string | undefined, time: number): boolean =>
  auditRecordSchema.shape.at.safeParse(moment).success && Date.parse(String(moment)) < time;
