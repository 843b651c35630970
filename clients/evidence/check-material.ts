import {
  type AuditRecord,
  CONFIG_CHAIN,
  hashOfRecord,
} from '../../lambdas/shared/domain/audit/audit-record.ts';
import { bytesOfHeads, type SignedHeads } from '../../lambdas/shared/domain/audit/signed-heads.ts';
import { type Place, verifyChain } from '../../lambdas/shared/domain/audit/verify-chain.ts';
import { groupBy } from './group-by.ts';
import type { Material } from './summarize.ts';

type IsSigned = (bytes: Uint8Array, signature: string) => boolean;

const placesOf = (signed: SignedHeads | undefined): Map<string, Place> =>
  new Map(signed?.heads.heads.map(({ chain, seq, hash }) => [chain, { seq, hash }]));

/** The record of the configuration that was in force when the period began: `start` names its place and its hash. */
function isBase(record: AuditRecord, before: ReadonlyMap<string, Place>): boolean {
  const place = before.get(record.chain);
  return record.chain === CONFIG_CHAIN && record.seq === place?.seq;
}

/**
 * What is wrong with the material; nothing where no record between the two heads is missing, added or altered. It takes
 * neither AWS nor the log: the heads bear the key's signature, and each chain leads by its hashes from the one to the other.
 */
export async function checkMaterial(
  { start, end, records }: Material,
  isSigned: IsSigned,
): Promise<string[]> {
  const problems: string[] = [];
  for (const heads of [start, end])
    if (heads && !isSigned(bytesOfHeads(heads.heads), heads.signature))
      problems.push(`heads ${heads.heads.number} do not bear the key's signature`);
  if (start && (start.heads.number > end.heads.number || start.heads.at > end.heads.at))
    problems.push('the heads that begin the period were signed after those that end it');
  const before = placesOf(start);
  const ends = placesOf(end);
  const byChain = groupBy(records, ({ chain }) => chain);
  for (const chain of new Set([...before.keys(), ...ends.keys(), ...byChain.keys()])) {
    const all = byChain.get(chain) ?? [];
    const base = all[0] && isBase(all[0], before) ? all[0] : undefined;
    if (base && (base.hash !== before.get(chain)?.hash || hashOfRecord(base) !== base.hash))
      problems.push(`${chain} ${base.seq}: it is not the record that was signed`);
    const last = ends.get(chain);
    const walk = await verifyChain(
      {
        chain,
        items: base ? all.slice(1) : all,
        heads: new Map(last ? [[last.seq, last.hash]] : []),
        ...(before.has(chain) && { after: before.get(chain) as Place }),
      },
      // A MAC only the broker's key can make, or verify: what is signed is over the hashes.
      async () => true,
    );
    if (walk.finding) problems.push(`${chain} ${walk.finding.seq}: ${walk.finding.problem}`);
    else if (walk.last.seq !== last?.seq)
      problems.push(`${chain} ${walk.last.seq}: nothing that was signed leads to it`);
  }
  return problems;
}
