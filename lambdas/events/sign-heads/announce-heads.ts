import { encodeTime } from 'ulid';
import { type AuditEntry, type AuditRecord, HEADS_CHAIN } from '../../shared/domain/audit/audit-record.ts';
import { AuditTampered } from '../../shared/domain/audit/audit-tampered.ts';
import { authenticRecord, type IsGenuine } from '../../shared/domain/audit/is-authentic.ts';
import type { SignedHeads } from '../../shared/domain/audit/signed-heads.ts';

export type AnnouncingPorts = {
  readonly audit: {
    /** The last record of a chain; undefined where it has none. */
    newest(chain: string): Promise<AuditRecord | undefined>;
    append(entry: AuditEntry): Promise<AuditRecord>;
  };
  /** The signed heads of a number; undefined where there are none. */
  readonly archive: { get(number: number): Promise<SignedHeads | undefined> };
  readonly isGenuine: IsGenuine;
};

/** The heads that were signed last, and the number that is next. */
export type HeadsSoFar = { readonly last: SignedHeads | undefined; readonly next: number };

/**
 * Where signing goes on: behind the last number that the log announced, or at that number where its heads never
 * reached the archive. Throws AuditTampered where the heads before are gone, or the announcement is not the broker's.
 */
export async function headsSoFar({ audit, archive, isGenuine }: AnnouncingPorts): Promise<HeadsSoFar> {
  const newest = await audit.newest(HEADS_CHAIN);
  if (!newest) {
    if (await archive.get(1)) throw new AuditTampered('heads were signed, and their announcements are gone');
    return { last: undefined, next: 1 };
  }
  const announced = await authenticRecord(newest, isGenuine);
  if (!announced) throw new AuditTampered('the announcement of the last heads is not the broker’s');
  const number = Number(announced.facts.number);
  const last = await archive.get(number);
  if (last) return { last, next: number + 1 };
  const before = number > 1 ? await archive.get(number - 1) : undefined;
  if (number > 1 && !before) throw new AuditTampered(`signed heads ${number - 1} are not in the archive`);
  return { last: before, next: number };
}

/**
 * Records that heads of this number are about to be signed, once, whatever is tried again. Its id carries the time of
 * the heads before, so that whoever looks for it reads no further back.
 */
export async function announceHeads(
  { last, next }: HeadsSoFar,
  { audit }: Pick<AnnouncingPorts, 'audit'>,
): Promise<void> {
  const since = last ? Date.parse(last.heads.at) : 0;
  await audit.append({
    chain: HEADS_CHAIN,
    requestId: `${HEADS_CHAIN}-${encodeTime(since, 10)}${'0'.repeat(16)}`,
    event: 'heads_announced',
    occurrence: String(next),
    facts: { number: next },
  });
}
