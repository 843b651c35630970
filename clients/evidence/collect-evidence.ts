import type { ArchiveReader } from '../../lambdas/shared/adapters/audit/archive-reader.ts';
import type { AuditReader } from '../../lambdas/shared/adapters/audit/audit-reader.ts';
import { ARCHIVE_PREFIXES, numberOfKey } from '../../lambdas/shared/domain/audit/archive-keys.ts';
import { type ArchivedVersion, byKey, firstOf } from '../../lambdas/shared/domain/audit/archived-version.ts';
import {
  type AuditRecord,
  auditRecordSchema,
  CONFIG_CHAIN,
} from '../../lambdas/shared/domain/audit/audit-record.ts';
import { type SignedHeads, signedHeadsSchema } from '../../lambdas/shared/domain/audit/signed-heads.ts';
import type { UsedCall } from '../../lambdas/shared/domain/audit/used-call.ts';
import { checkMaterial } from './check-material.ts';
import type { Header, Line, Observed } from './evidence-lines.ts';
import { type Material, type Summary, summarize } from './summarize.ts';

/** No evidence can be made, and why, in a line. */
export class NoEvidence extends Error {
  override readonly name = 'NoEvidence';
}

type Ports = {
  readonly audit: Pick<AuditReader, 'itemsOf'>;
  readonly archive: Pick<ArchiveReader, 'versionsOf' | 'read'>;
  readonly isSigned: (bytes: Uint8Array, signature: string) => boolean;
  /** The public half of the key that signs heads. */
  readonly headsKey: string;
  readonly clock: () => Date;
  /** CloudTrail's calls of brokered sessions; undefined where they are not compared. */
  readonly calls: () => AsyncIterable<UsedCall> | Iterable<UsedCall> | undefined;
};

export type Wanted = Pick<Header, 'from' | 'to' | 'seed' | 'sampleSize'>;

/** All signed heads by number, of which few are read. */
async function openHeads(archive: Ports['archive']) {
  const versions = new Map<number, readonly ArchivedVersion[]>();
  for (const [key, found] of await byKey(archive.versionsOf(ARCHIVE_PREFIXES.heads))) {
    const number = numberOfKey(key);
    if (number !== undefined) versions.set(number, found);
  }
  const numbers = [...versions.keys()].sort((left, right) => left - right);
  async function read(number: number): Promise<SignedHeads> {
    const object = await firstOf(versions.get(number) ?? [], archive.read);
    try {
      return signedHeadsSchema.parse(JSON.parse(object?.text ?? ''));
    } catch {
      throw new NoEvidence(`heads ${number} of the archive cannot be read; postern audit verify says more`);
    }
  }
  return { numbers, read };
}

/** The last heads that were signed at or before `from`, and the first at or after `to`, by halving. */
async function boundsOf({ from, to }: Wanted, archive: Ports['archive']) {
  const { numbers, read } = await openHeads(archive);
  /** How many of the heads, which are in order, were signed before what `isBefore` says. */
  async function countWhile(isBefore: (signedAt: string) => boolean): Promise<number> {
    let [low, high] = [0, numbers.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (isBefore((await read(numbers[middle] ?? 0)).heads.at)) low = middle + 1;
      else high = middle;
    }
    return low;
  }
  const first = numbers[(await countWhile((signedAt) => signedAt <= from)) - 1];
  const last = numbers[await countWhile((signedAt) => signedAt < to)] ?? numbers.at(-1);
  if (last === undefined)
    throw new NoEvidence('nothing of the log is signed yet: there is no evidence to give');
  const missingHeads: number[] = [];
  const present = new Set(numbers);
  for (let number = first ?? 1; number <= last; number++) if (!present.has(number)) missingHeads.push(number);
  return { start: first === undefined ? undefined : await read(first), end: await read(last), missingHeads };
}

async function recordsBetween(
  { start, end }: Pick<Material, 'start' | 'end'>,
  audit: Ports['audit'],
): Promise<AuditRecord[]> {
  const before = new Map(start?.heads.heads.map(({ chain, seq }) => [chain, seq]));
  const records: AuditRecord[] = [];
  for (const { chain, seq: last } of end.heads.heads) {
    const signedBefore = before.get(chain) ?? 0;
    const after = chain === CONFIG_CHAIN ? Math.max(0, signedBefore - 1) : signedBefore;
    for await (const item of audit.itemsOf(chain, after)) {
      const { data: record } = auditRecordSchema.safeParse(item);
      if (!record) throw new NoEvidence(`${chain} has what is no record; postern audit verify says more`);
      if (record.seq > last) break;
      records.push(record);
    }
  }
  return records;
}

const HOUR_MS = 3_600_000;

/** Holds CloudTrail's calls against the sessions that the log says were issued. A session lasts an hour at most. */
async function compare(
  calls: AsyncIterable<UsedCall> | Iterable<UsedCall>,
  { from, to }: Wanted,
  records: readonly AuditRecord[],
): Promise<NonNullable<Observed['cloudTrail']>> {
  const known = new Set(
    records.flatMap((record) =>
      record.event === 'issued'
        ? String((record.facts.session as { sessionName?: unknown })?.sessionName)
        : [],
    ),
  );
  const unknown = new Map<string, { sessionName: string; principalId: string; firstHour: boolean }>();
  const sessions = new Set<string>();
  let count = 0;
  for await (const { at: calledAt, sessionName, principalId } of calls) {
    if (Date.parse(calledAt) < Date.parse(from) || Date.parse(calledAt) >= Date.parse(to)) continue;
    count += 1;
    sessions.add(sessionName);
    if (known.has(sessionName)) continue;
    const firstHour = Date.parse(calledAt) < Date.parse(from) + HOUR_MS;
    if (!unknown.has(sessionName) || !firstHour)
      unknown.set(sessionName, { sessionName, principalId, firstHour });
  }
  return {
    calls: count,
    sessions: sessions.size,
    unknown: [...unknown.values()].sort((left, right) => left.sessionName.localeCompare(right.sessionName)),
  };
}

/**
 * Collects what there is of a period. Throws NoEvidence where the log is not as it was signed: evidence of it would verify
 * nowhere.
 */
export async function collectEvidence(
  wanted: Wanted,
  { audit, archive, isSigned, headsKey, clock, calls }: Ports,
): Promise<{ lines: Line[]; summary: Summary; observed: Observed }> {
  const { missingHeads, ...bounds } = await boundsOf(wanted, archive);
  const material: Material = { ...bounds, records: await recordsBetween(bounds, audit) };
  const problems = await checkMaterial(material, isSigned);
  if (problems.length > 0)
    throw new NoEvidence(
      `the log is not as it was signed (${problems.join('; ')}); postern audit verify says more`,
    );
  const header: Header = {
    type: 'evidence',
    format: 1,
    ...wanted,
    madeAt: clock().toISOString(),
    key: headsKey,
  };
  const compared = calls();
  const observed: Observed = {
    type: 'observed',
    missingHeads,
    cloudTrail: compared ? await compare(compared, wanted, material.records) : null,
  };
  const summary = summarize(material, header);
  const { start, end, records } = material;
  return {
    lines: [
      header,
      ...[start, end].flatMap((signed) => (signed ? [{ type: 'heads' as const, signed }] : [])),
      ...records.map((record) => ({ type: 'record' as const, record })),
      observed,
      { type: 'summary', summary },
    ],
    summary,
    observed,
  };
}
