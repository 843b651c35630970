import type { AuditReader } from '../../lambdas/shared/adapters/audit/audit-reader.ts';
import type { HeadsArchive } from '../../lambdas/shared/adapters/audit/heads-archive.ts';
import { type ChainWalk, type Finding, verifyChain } from '../../lambdas/shared/domain/audit/verify-chain.ts';
import { readHeads } from './read-heads.ts';

/** What verifying takes: the log, the signed heads, and the keys of both. */
export type VerifyPorts = {
  readonly audit: Pick<AuditReader, 'chains' | 'itemsOf'>;
  readonly archive: Pick<HeadsArchive, 'all' | 'hasRecord'>;
  /** Whether a MAC is the broker's over a record's hash. */
  readonly isGenuine: (hash: string, mac: string) => Promise<boolean>;
  /** Whether a signature is the heads key's over these bytes. */
  readonly isSigned: (bytes: Uint8Array, signature: string) => boolean;
};

export type AuditVerdict = {
  readonly chains: number;
  readonly records: number;
  /** Signed heads that were read, and when the last was signed. */
  readonly signedHeads: number;
  readonly signedUntil?: string;
  /** The first bad record of each chain that has one. */
  readonly findings: readonly Finding[];
  /** The first of the signed heads that is not what was signed, by its number. */
  readonly badHeads?: number;
};

/** Whether the log is as it was written. */
export const isIntact = ({ findings, badHeads }: AuditVerdict): boolean =>
  findings.length === 0 && badHeads === undefined;

/**
 * Walks every chain of the log, and holds it against every head that was ever signed: a chain that is gone
 * altogether is found by its heads.
 */
export async function verifyAudit(ports: VerifyPorts): Promise<AuditVerdict> {
  const { audit, archive, isSigned } = ports;
  const signed = await readHeads(archive.all(), isSigned);
  const chains = [...new Set([...(await audit.chains()), ...signed.byChain.keys()])].sort();
  const findings: Finding[] = [];
  let records = 0;
  for (const chain of chains) {
    const heads = signed.byChain.get(chain) ?? new Map<number, string>();
    const { last, finding } = await walkToItsEnd(chain, heads, ports);
    records += last.seq;
    if (finding) findings.push(finding);
  }
  return {
    chains: chains.length,
    records,
    signedHeads: signed.count,
    ...(signed.until !== undefined && { signedUntil: signed.until }),
    findings,
    ...(signed.bad !== undefined && { badHeads: signed.bad }),
  };
}

/**
 * Walks a chain, and asks the archive for a record behind its end: what was archived and is not in the table was
 * cut off. One that was appended while this walked is walked too.
 */
async function walkToItsEnd(
  chain: string,
  heads: ReadonlyMap<number, string>,
  { audit, archive, isGenuine }: VerifyPorts,
): Promise<ChainWalk> {
  let walk = await verifyChain({ chain, items: audit.itemsOf(chain), heads }, isGenuine);
  while (!walk.finding && (await archive.hasRecord(chain, walk.last.seq + 1))) {
    const { last } = walk;
    const rest = { chain, items: audit.itemsOf(chain, last.seq), heads, after: last };
    walk = await verifyChain(rest, isGenuine);
    if (!walk.finding && walk.last.seq === last.seq)
      return { last, finding: { chain, seq: last.seq + 1, problem: 'cut' } };
  }
  return walk;
}
