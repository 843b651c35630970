import {
  ACCESS_REVIEWS_CHAIN,
  auditRecordSchema,
  CONFIG_CHAIN,
  HEADS_CHAIN,
  hashOfRecord,
  RESTORED_CHAIN,
  TEMPLATES_CHAIN,
} from '../../shared/domain/audit/audit-record.ts';
import { AuditTampered } from '../../shared/domain/audit/audit-tampered.ts';
import { lostBy, nameOfLost, restorationsIn } from '../../shared/domain/audit/restoration.ts';
import {
  bytesOfHeads,
  digestOfHeads,
  type Heads,
  type SignedHeads,
} from '../../shared/domain/audit/signed-heads.ts';
import { type ChainWalk, verifyChain } from '../../shared/domain/audit/verify-chain.ts';
import { type AnnouncingPorts, announceHeads, headsSoFar } from './announce-heads.ts';

type SignHeadsPorts = AnnouncingPorts & {
  readonly principals: { ids(): AsyncIterable<string> };
  /** What stands in a chain, all of it or behind a place, in order, unverified. */
  readonly audit: { itemsOf(chain: string, afterSeq?: number): AsyncGenerator<unknown> };
  /** False where heads of this number are there already. */
  readonly archive: { put(signed: SignedHeads): Promise<boolean> };
  readonly sign: (bytes: Uint8Array) => Promise<string>;
  readonly log: { error(message: string, fields: Record<string, unknown>): void };
  readonly clock: () => Date;
};

type SignedNow = { readonly signed: number; readonly chains: number };

/**
 * Verifies what every chain gained since its last signed head, announces that heads are signed, signs where the
 * chains end now, and archives that. `signed: 0` where nothing was gained. A chain that is not as it was is signed as
 * far as it is genuine, and no further; then AuditTampered is thrown, which pages somebody.
 */
export function makeSignHeads(ports: SignHeadsPorts) {
  return async (): Promise<SignedNow> => {
    const soFar = await headsSoFar(ports);
    const before = new Map(soFar.last?.heads.heads.map((head) => [head.chain, head]));
    const lost = lostBy(await restorationsIn(ports.audit.itemsOf(RESTORED_CHAIN), ports.isGenuine));
    const walks = new Map<string, ChainWalk>();
    for (const chain of await chainsOf(before, ports))
      walks.set(chain, await walk(chain, before, lost, ports));

    // The announcements alone are no gain: each signing adds one.
    const hasGained = [...walks].some(
      ([chain, { last }]) => chain !== HEADS_CHAIN && last.seq > (before.get(chain)?.seq ?? 0),
    );
    if (hasGained) {
      await announceHeads(soFar, ports);
      walks.set(HEADS_CHAIN, await walk(HEADS_CHAIN, before, lost, ports));
    }
    const heads = headsOf(walks);
    const next: Heads = {
      number: soFar.next,
      at: ports.clock().toISOString(),
      ...(soFar.last && { previous: digestOfHeads(soFar.last) }),
      heads,
    };
    const isWritten = hasGained && (await signAndPut(next, ports));
    reportFindings(walks, ports);
    return { signed: isWritten ? next.number : 0, chains: heads.length };
  };
}

const headsOf = (walks: ReadonlyMap<string, ChainWalk>): Heads['heads'] =>
  [...walks].flatMap(([chain, { last: end }]) =>
    end.seq > 0 ? [{ chain, seq: end.seq, hash: end.hash }] : [],
  );

async function chainsOf(before: ReadonlyMap<string, unknown>, { principals }: SignHeadsPorts) {
  const chains = new Set([
    CONFIG_CHAIN,
    TEMPLATES_CHAIN,
    ACCESS_REVIEWS_CHAIN,
    HEADS_CHAIN,
    RESTORED_CHAIN,
    ...before.keys(),
  ]);
  for await (const id of principals.ids()) chains.add(id);
  return [...chains].sort();
}

/**
 * Walks from the record on that was signed last, which must still be what it was. Where a restoration lost that very
 * record, the chain is walked from its beginning.
 */
async function walk(
  chain: string,
  before: ReadonlyMap<string, { seq: number; hash: string }>,
  lost: ReadonlyMap<string, unknown>,
  { audit, isGenuine }: SignHeadsPorts,
): Promise<ChainWalk> {
  const head = before.get(chain);
  if (!head) return verifyChain({ chain, items: audit.itemsOf(chain, 0) }, isGenuine);
  const { seq, hash } = head;
  const items = audit.itemsOf(chain, seq - 1);
  const first = await items.next();
  const signed = auditRecordSchema.safeParse(first.value);
  const isThere = signed.data?.seq === seq && signed.data.hash === hash && hashOfRecord(signed.data) === hash;
  if (!isThere && lost.has(nameOfLost({ chain, seq, hash })))
    return verifyChain({ chain, items: audit.itemsOf(chain, 0) }, isGenuine);
  if (first.done) return { last: head, finding: { chain, seq, problem: 'cut' } };
  if (!isThere) return { last: head, finding: { chain, seq, problem: 'rehashed' } };
  return verifyChain({ chain, items, after: { seq, hash } }, isGenuine);
}

async function signAndPut(heads: Heads, { sign, archive }: SignHeadsPorts): Promise<boolean> {
  return archive.put({ heads, signature: await sign(bytesOfHeads(heads)) });
}

function reportFindings(walks: ReadonlyMap<string, ChainWalk>, { log }: SignHeadsPorts): void {
  const findings = [...walks.values()].flatMap(({ finding }) => finding ?? []);
  for (const finding of findings) log.error('audit chain altered', finding);
  if (findings.length > 0) throw new AuditTampered(`${findings.length} audit chains are not as they were`);
}
