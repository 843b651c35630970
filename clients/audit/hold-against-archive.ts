import type { ArchiveReader } from '../../lambdas/shared/adapters/audit/archive-reader.ts';
import type { AuditReader } from '../../lambdas/shared/adapters/audit/audit-reader.ts';
import { numberOfKey, prefixOfChain } from '../../lambdas/shared/domain/audit/archive-keys.ts';
import { type ArchiveFinding, byKey, firstOf } from '../../lambdas/shared/domain/audit/archived-version.ts';
import { type AuditRecord, auditRecordSchema } from '../../lambdas/shared/domain/audit/audit-record.ts';
import { authenticRecord, type IsGenuine } from '../../lambdas/shared/domain/audit/is-authentic.ts';
import type { Finding } from '../../lambdas/shared/domain/audit/verify-chain.ts';
import { digestOf } from '../../lambdas/shared/domain/digest.ts';

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

/** What stands in the table, by place: the digest of all of it, and when it says it was appended. */
type Held = { readonly digest: string; readonly recordedAt: string | undefined };

/**
 * Holds a chain against the archive, both ways: every archived record must stand in the table as it was archived,
 * and every record of the table that is old enough must be in the archive. The archive is listed first, since a
 * record is in the table before it is archived.
 */
export async function holdAgainstArchive(
  chain: string,
  ports: ArchivePorts,
): Promise<{ findings: Finding[]; archiveFindings: ArchiveFinding[] }> {
  const objects = await byKey(ports.archive.versionsOf(prefixOfChain(chain)));
  const held = await heldIn(chain, ports);
  const findings: Finding[] = [];
  const archiveFindings: ArchiveFinding[] = [];
  const archived = new Set<number>();
  const keys = [...objects.keys()].sort();
  for (let first = 0; first < keys.length; first += AT_ONCE) {
    const batch = keys.slice(first, first + AT_ONCE);
    const compared = await Promise.all(
      batch.map((key) => compare(key, objects.get(key) ?? [], chain, held, ports)),
    );
    for (const { seq, finding, damage } of compared) {
      if (seq !== undefined) archived.add(seq);
      if (finding) findings.push(finding);
      archiveFindings.push(...damage);
    }
  }
  const newestSeq = Math.max(0, ...held.keys());
  return {
    findings: [
      ...findings.map((finding) =>
        finding.seq > newestSeq ? { ...finding, problem: 'cut' as const } : finding,
      ),
      ...unarchived(chain, held, archived, ports.clock()),
    ],
    archiveFindings,
  };
}

async function heldIn(chain: string, { audit }: ArchivePorts): Promise<Map<number, Held>> {
  const held = new Map<number, Held>();
  for await (const item of audit.itemsOf(chain)) {
    const { seq, at: recordedAt } = item as Partial<AuditRecord>;
    if (Number.isInteger(seq)) held.set(Number(seq), { digest: digestOf(item), recordedAt });
  }
  return held;
}

type Compared = {
  /** The place that the archive has a genuine record of. */
  readonly seq?: number;
  readonly finding?: Finding;
  readonly damage: readonly ArchiveFinding[];
};

async function compare(
  key: string,
  versions: Parameters<typeof firstOf>[0],
  chain: string,
  held: ReadonlyMap<number, Held>,
  { archive, readImage, isGenuine }: ArchivePorts,
): Promise<Compared> {
  const object = await firstOf(versions, archive.read);
  if (!object) return { damage: [{ key, problem: 'deleted', storedAt: versions[0]?.storedAt ?? '' }] };
  const { text, storedAt, findings: damage } = object;
  const item = readImage(imageIn(text));
  const record = await authenticRecord(item, isGenuine);
  if (!record || record.chain !== chain || record.seq !== numberOfKey(key))
    return { damage: [...damage, { key, problem: 'unauthentic', storedAt }] };
  const { seq, eventId } = record;
  const found = held.get(seq);
  if (found?.digest === digestOf(item)) return { seq, damage };
  const problem = found ? 'replaced' : 'missing';
  return { seq, damage, finding: { chain, seq, eventId, problem, archivedAt: storedAt } };
}

function imageIn(text: string): Record<string, unknown> {
  try {
    const image: unknown = JSON.parse(text);
    return image !== null && typeof image === 'object' ? (image as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

function unarchived(
  chain: string,
  held: ReadonlyMap<number, Held>,
  archived: ReadonlySet<number>,
  now: Date,
): Finding[] {
  const newest = now.getTime() - UNARCHIVED_AFTER_MINUTES * 60_000;
  return [...held]
    .filter(([seq, { recordedAt }]) => !archived.has(seq) && isBefore(recordedAt, newest))
    .map(([seq]) => ({ chain, seq, problem: 'unarchived' }));
}

/** A time that cannot be read is found by the walk of the chain. */
const isBefore = (moment: string | undefined, time: number): boolean =>
  auditRecordSchema.shape.at.safeParse(moment).success && Date.parse(String(moment)) < time;
