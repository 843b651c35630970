import * as z from 'zod';
import { type AuditRecord, auditRecordSchema, FIRST_PREVIOUS_HASH } from './audit-record.ts';
import { authenticRecord, type IsGenuine } from './is-authentic.ts';

/** A record by its place and its hash: exactly this one, and no other that stood or will stand there. */
const lostRecordSchema = auditRecordSchema.pick({ chain: true, seq: true, hash: true });
export type LostRecord = z.infer<typeof lostRecordSchema>;

/** Facts of a `restored` record: to when tables were restored, why, and which records no longer stand because of it. */
const restoredFactsSchema = z.object({
  restoredTo: z.iso.datetime(),
  tables: z.array(z.string()),
  reason: z.string(),
  /** Who says to have restored them: an ARN, as whoever called said it. */
  restoredBy: z.string(),
  /** Records that were put back from the archive, as they had been. */
  putBack: z.number().int(),
  /** What the archive or signed heads tell of, and the table continues without. */
  lost: z.array(lostRecordSchema),
});
export type RestoredFacts = z.infer<typeof restoredFactsSchema>;

/** A restoration as the log tells of it. */
export type Restoration = RestoredFacts &
  Pick<AuditRecord, 'seq' | 'eventId'> & { readonly recordedAt: string };

/** What a restoration to this time cannot have lost: records whose writing began this long before, in milliseconds. */
const MOST_WRITING_MS = 60_000;

/** Whether what is of this time can be lost by restoring tables to `restoredTo`. */
export const isAfterRestore = (since: string, restoredTo: string): boolean =>
  Date.parse(since) >= Date.parse(restoredTo) - MOST_WRITING_MS;

/**
 * The restorations that the chain `_restored` tells of, as far as it is genuine and unbroken. What is behind a record
 * that is not excuses nothing.
 */
export async function restorationsIn(
  items: AsyncIterable<unknown>,
  isGenuine: IsGenuine,
): Promise<Restoration[]> {
  const found: Restoration[] = [];
  let last = { seq: 0, hash: FIRST_PREVIOUS_HASH };
  for await (const item of items) {
    const record = await authenticRecord(item, isGenuine);
    if (record?.seq !== last.seq + 1 || record.previousHash !== last.hash) break;
    last = record;
    const { data: facts } = restoredFactsSchema.safeParse(record.facts);
    if (facts) found.push({ ...facts, seq: record.seq, recordedAt: record.at, eventId: record.eventId });
  }
  return found;
}

/** A record's name among those that restorations lost. A hash is of the chain and the place too. */
export const nameOfLost = ({ chain, seq, hash }: LostRecord): string => JSON.stringify([chain, seq, hash]);

/** When the tables were restored to, by the name of each record that was lost by it. */
export const lostBy = (restorations: readonly Restoration[]): ReadonlyMap<string, Restoration> =>
  new Map(
    restorations.flatMap((restoration) =>
      restoration.lost.map((record) => [nameOfLost(record), restoration] as const),
    ),
  );
