import type { ArchiveReader } from '../../lambdas/shared/adapters/audit/archive-reader.ts';
import type { AuditReader } from '../../lambdas/shared/adapters/audit/audit-reader.ts';
import type { ArchiveFinding } from '../../lambdas/shared/domain/audit/archived-version.ts';
import {
  auditRecordSchema,
  HEADS_CHAIN,
  RESTORED_CHAIN,
} from '../../lambdas/shared/domain/audit/audit-record.ts';
import { authenticRecord, type IsGenuine } from '../../lambdas/shared/domain/audit/is-authentic.ts';
import { lostBy, type Restoration, restorationsIn } from '../../lambdas/shared/domain/audit/restoration.ts';
import { type Finding, verifyChain } from '../../lambdas/shared/domain/audit/verify-chain.ts';
import { accountForLost } from './account-for-lost.ts';
import { holdAgainstArchive } from './hold-against-archive.ts';
import { readDisplaced } from './read-displaced.ts';
import { type HeadsFinding, readHeads } from './read-heads.ts';

/** Minutes from the record that announces signed heads to the heads themselves; signing takes seconds. */
const SIGNING_MINUTES = 10;

/** What verifying takes: the log, its archive, and the keys of both. */
export type VerifyPorts = {
  readonly audit: Pick<AuditReader, 'chains' | 'itemsOf'>;
  readonly archive: Pick<ArchiveReader, 'chains' | 'versionsOf' | 'read'>;
  /** An item in DynamoDB's own JSON, as it is archived, as a value. */
  readonly readImage: (image: Readonly<Record<string, unknown>>) => unknown;
  /** Whether a MAC is the broker's over a record's hash. */
  readonly isGenuine: IsGenuine;
  /** Whether a signature is the heads key's over these bytes. */
  readonly isSigned: (bytes: Uint8Array, signature: string) => boolean;
  readonly clock: () => Date;
};

export type AuditVerdict = {
  readonly chains: number;
  readonly records: number;
  /** Signed heads that were read and are good, and when the last was signed. */
  readonly signedHeads: number;
  readonly signedUntil?: string;
  /** In each chain: the first record that breaks it, and every one that differs from the archive. */
  readonly findings: readonly Finding[];
  readonly headsFindings: readonly HeadsFinding[];
  /** What was done to the archive itself. */
  readonly archiveFindings: readonly ArchiveFinding[];
  /** Restorations of tables, and how many records each lost: of these no finding tells. */
  readonly restorations: readonly (Omit<Restoration, 'lost'> & { readonly lost: number })[];
};

/** Whether the log is as it was written. */
export const isIntact = ({ findings, headsFindings, archiveFindings }: AuditVerdict): boolean =>
  findings.length + headsFindings.length + archiveFindings.length === 0;

/**
 * Walks every chain of the log, and holds it against every head that was ever signed and against every record that
 * was archived: what is gone from the one is found by the others.
 */
export async function verifyAudit(ports: VerifyPorts): Promise<AuditVerdict> {
  const { audit, archive, isSigned } = ports;
  const signed = await readHeads(archive, isSigned, await announcedHeads(ports));
  const displaced = await readDisplaced(ports);
  const restorations = await restorationsIn(audit.itemsOf(RESTORED_CHAIN), ports.isGenuine);
  const lost = lostBy(restorations);
  const account = accountForLost(lost);
  const chains = new Set([
    ...(await archive.chains()),
    ...(await audit.chains()),
    ...signed.byChain.keys(),
    ...displaced.byChain.keys(),
  ]);
  const findings: Finding[] = [];
  const archiveFindings = [...signed.archiveFindings, ...displaced.archiveFindings];
  let records = 0;
  for (const chain of [...chains].sort()) {
    const known = { displaced: displaced.byChain.get(chain) ?? [], lost };
    const held = await holdAgainstArchive(chain, known, ports);
    const places = account.placesOf(chain, signed.byChain.get(chain) ?? [], held);
    const walk = await walkChain(chain, places, ports);
    records += walk.records;
    archiveFindings.push(...held.archiveFindings);
    findings.push(...together(walk.findings, held.findings));
  }
  return {
    chains: chains.size,
    records,
    signedHeads: signed.count,
    ...(signed.until !== undefined && { signedUntil: signed.until }),
    findings: [...findings, ...account.overreaching(restorations)],
    headsFindings: signed.findings,
    archiveFindings,
    restorations: restorations.map((restoration) => ({ ...restoration, lost: restoration.lost.length })),
  };
}

/** The number of the last heads that the log itself says were signed: the newest could else go without a trace. */
async function announcedHeads({ audit, isGenuine, clock }: VerifyPorts): Promise<number> {
  const newest = clock().getTime() - SIGNING_MINUTES * 60_000;
  let announced = 0;
  for await (const item of audit.itemsOf(HEADS_CHAIN)) {
    const record = await authenticRecord(item, isGenuine);
    if (record && Date.parse(record.at) <= newest)
      announced = Math.max(announced, Number(record.facts.number));
  }
  return announced;
}

/** Walks a chain to its end or its first bad record. Items at places that no record can have are named beside. */
async function walkChain(
  chain: string,
  heads: ReadonlyMap<number, string>,
  { audit, isGenuine }: VerifyPorts,
): Promise<{ records: number; findings: Finding[] }> {
  const findings: Finding[] = [];
  async function* atPlaces() {
    for await (const item of audit.itemsOf(chain)) {
      const { seq } = item as { seq?: unknown };
      if (auditRecordSchema.shape.seq.safeParse(seq).success) yield item;
      else findings.push({ chain, seq: Number(seq), problem: 'stray' });
    }
  }
  const { last, finding } = await verifyChain({ chain, items: atPlaces(), heads }, isGenuine);
  return { records: last.seq, findings: [...findings, ...(finding ? [finding] : [])] };
}

/** What the walk and the archive say, each record once: of one that both name, the walk says what is wrong. */
function together(walked: readonly Finding[], held: readonly Finding[]): Finding[] {
  const bySeq = new Map(held.map((finding) => [finding.seq, finding]));
  for (const finding of walked) {
    const archivedAt = bySeq.get(finding.seq)?.archivedAt;
    bySeq.set(finding.seq, { ...bySeq.get(finding.seq), ...finding, ...(archivedAt && { archivedAt }) });
  }
  const ordered = [...bySeq.values()].sort((left, right) => left.seq - right.seq);
  // A tail is one finding, at its first record.
  const cut = ordered.findIndex(({ problem }) => problem === 'cut');
  return ordered.filter(({ problem }, index) => problem !== 'cut' || index === cut);
}
