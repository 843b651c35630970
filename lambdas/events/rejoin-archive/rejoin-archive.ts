import * as z from 'zod';
import type { ArchiveReader } from '../../shared/adapters/audit/archive-reader.ts';
import type { AuditReader } from '../../shared/adapters/audit/audit-reader.ts';
import type { AuditLog } from '../../shared/adapters/audit/audit-table.ts';
import { keyOfRecord } from '../../shared/domain/audit/archive-keys.ts';
import { RESTORED_CHAIN } from '../../shared/domain/audit/audit-record.ts';
import { type LostRecord, nameOfLost, type RestoredFacts } from '../../shared/domain/audit/restoration.ts';
import { count, type Measurement } from '../../shared/domain/measurement.ts';
import { type ChainPlan, planChain } from './plan-chain.ts';
import {
  type Archived,
  type ArchivePorts,
  readArchivedSince,
  readDisplacedSince,
} from './read-archived-since.ts';
import { readHeadsSince } from './read-heads-since.ts';

const inputSchema = z.strictObject({
  /** The time that tables were restored to. */
  restoredTo: z.iso.datetime(),
  tables: z.array(z.string().min(1).max(255)).min(1).max(50),
  reason: z.string().trim().min(1).max(1000),
  restoredBy: z.string().min(1).max(2048),
  /** Only says what would be done. */
  dryRun: z.boolean(),
});

type RejoinPorts = ArchivePorts & {
  readonly audit: Pick<AuditReader, 'itemsOf'> & Pick<AuditLog, 'append'>;
  readonly archive: Pick<ArchiveReader, 'chains' | 'versionsOf' | 'read'>;
  readonly isSigned: (bytes: Uint8Array, signature: string) => boolean;
  /** Writes an item to a place of the table that is free; false where it is taken. */
  readonly putBack: (item: object) => Promise<boolean>;
  readonly emit: (measurements: readonly Measurement[]) => void;
  readonly clock: () => Date;
};

/** What was done, or would be, for each chain that something was to be done for. */
export type Rejoined = {
  readonly putBack: Readonly<Record<string, number>>;
  readonly lost: readonly LostRecord[];
  /** What no restoration explains; it was not touched, and `audit verify` goes on to name it. */
  readonly unexplained: readonly LostRecord[];
};

/** Records that one `restored` record names: some of 100 bytes each, of the 400 kB that an item holds. */
const MOST_NAMED = 1_000;

/**
 * Joins the audit table, after it was restored to an earlier time, to the archive again. What was archived since then
 * is put back as it was. What cannot be, because the broker went on writing or the archive never had it, is named in a
 * `restored` record, hash by hash: `audit verify` accepts that these do not stand, and nothing else.
 * INVARIANT: only genuine records are put back, at places that are free, and nothing is changed or removed.
 */
export function makeRejoinArchive(ports: RejoinPorts) {
  return async (event: unknown): Promise<Rejoined> => {
    const { dryRun, ...wanted } = inputSchema.parse(event);
    const { restoredTo } = wanted;
    if (Date.parse(restoredTo) > ports.clock().getTime()) throw new RangeError('restoredTo is in the future');
    const displaced = await readDisplacedSince(restoredTo, ports);
    const plan = async (chain: string) => planOf(chain, restoredTo, displaced, ports);
    // Earlier restorations come first: a new one is appended behind them.
    const before = await plan(RESTORED_CHAIN);
    if (!dryRun) await putAllBack(before.putBack, ports);
    const plans = new Map([[RESTORED_CHAIN, before]]);
    for (const chain of await ports.archive.chains())
      if (chain !== RESTORED_CHAIN) plans.set(chain, await plan(chain));
    const rejoined = await summed(plans, restoredTo, ports);
    if (dryRun) return rejoined;
    await record({ ...wanted, ...rejoined }, ports);
    for (const { putBack } of plans.values()) await putAllBack(putBack, ports);
    ports.emit([count('AuditRestorations')]);
    return rejoined;
  };
}

type Planned = ChainPlan & { readonly standing: ReadonlyMap<number, string> };

async function planOf(
  chain: string,
  restoredTo: string,
  displaced: readonly Archived[],
  ports: RejoinPorts,
): Promise<Planned> {
  const archived = [
    ...(await readArchivedSince(chain, restoredTo, ports)),
    ...displaced.filter(({ record }) => record.chain === chain),
  ];
  const present = new Map<number, string>();
  for await (const item of ports.audit.itemsOf(chain)) {
    const { seq, hash } = item as { seq?: unknown; hash?: unknown };
    present.set(Number(seq), String(hash));
  }
  const plan = planChain(archived, present, restoredTo);
  for (const { record } of plan.putBack) present.set(record.seq, record.hash);
  return { ...plan, standing: present };
}

async function summed(
  plans: ReadonlyMap<string, Planned>,
  restoredTo: string,
  ports: RejoinPorts,
): Promise<Rejoined> {
  const all = [...plans.values()];
  const superseded = all.flatMap((plan) => plan.superseded);
  const unexplained = all.flatMap((plan) => plan.unexplained);
  const known = new Set([...superseded, ...unexplained].map(nameOfLost));
  const unarchived: LostRecord[] = [];
  for (const named of await readHeadsSince(restoredTo, ports)) {
    const { chain, seq, hash } = named;
    if (plans.get(chain)?.standing.get(seq) === hash || known.has(nameOfLost(named))) continue;
    known.add(nameOfLost(named));
    // The archive has that very record, and from before the restored time: it was there to be restored.
    if (await isArchived(named, ports)) unexplained.push({ chain, seq, hash });
    else unarchived.push({ chain, seq, hash });
  }
  const putBack = [...plans].flatMap(([chain, plan]) =>
    plan.putBack.length > 0 ? [[chain, plan.putBack.length] as const] : [],
  );
  return { putBack: Object.fromEntries(putBack), lost: [...superseded, ...unarchived], unexplained };
}

async function isArchived({ chain, seq, hash }: LostRecord, { archive }: RejoinPorts): Promise<boolean> {
  for await (const version of archive.versionsOf(keyOfRecord(chain, seq)))
    if (!version.isDeleteMarker && (await archive.read(version)).includes(hash)) return true;
  return false;
}

async function putAllBack(archived: readonly Archived[], { putBack }: RejoinPorts): Promise<void> {
  for (const { item } of archived) await putBack(item);
}

/** Records the restoration, in as many records as its names take. Each time anew: what was lost meanwhile is added. */
async function record(
  { putBack, lost, unexplained: _, ...rest }: Omit<RestoredFacts, 'putBack' | 'lost'> & Rejoined,
  { audit, clock }: RejoinPorts,
): Promise<void> {
  const restored = Object.values(putBack).reduce((sum, records) => sum + records, 0);
  const recordedAt = clock().toISOString();
  for (let first = 0; first === 0 || first < lost.length; first += MOST_NAMED) {
    const facts: RestoredFacts = {
      ...rest,
      putBack: first === 0 ? restored : 0,
      lost: lost.slice(first, first + MOST_NAMED),
    };
    await audit.append({
      chain: RESTORED_CHAIN,
      requestId: RESTORED_CHAIN,
      event: 'restored',
      occurrence: `${recordedAt} ${first}`,
      facts,
    });
  }
}
