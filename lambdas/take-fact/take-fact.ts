import type { FactRow } from '../shared/adapters/outside/facts-table.ts';
import { idOf, kindOf } from '../shared/domain/outside/fact-kinds.ts';
import type { FactRefusal, JudgedFact } from '../shared/domain/outside/judge-fact.ts';
import type { OutsideFact } from '../shared/domain/outside/outside-fact.ts';

export type TakingPorts = {
  readonly stored: {
    /** False where one as new, or newer, is stored. */
    put(row: FactRow): Promise<boolean>;
    get(key: Pick<FactRow, 'kind' | 'id'>): Promise<FactRow | undefined>;
  };
  readonly verify: (token: string) => Promise<JudgedFact | FactRefusal>;
};

export type Taken =
  | { readonly outcome: 'taken'; readonly fact: OutsideFact; readonly holds: boolean }
  /** A later one of the same is there. */
  | { readonly outcome: 'superseded' }
  | { readonly outcome: 'refused'; readonly because: FactRefusal };

/** Seconds that a row stays behind the end of whatever is older. */
const MARGIN_SECONDS = 3_600;

/**
 * Takes one fact. Of one source, the newest of the same counts. INVARIANT: a row outlasts whatever is older than its
 * fact, or what it ended would come back once it is removed. The same fact again changes nothing, and is taken.
 */
export async function takeFact(token: string, { stored, verify }: TakingPorts): Promise<Taken> {
  const judged = await verify(token);
  if (typeof judged === 'string') return { outcome: 'refused', because: judged };
  const { fact, holds, longestSeconds } = judged;
  const issuedAt = Math.floor(new Date(fact.issuedAt).getTime() / 1000);
  const key = { kind: kindOf(fact), id: idOf(fact) };
  const row = { ...key, token, issuedAt, ttl: issuedAt + longestSeconds + MARGIN_SECONDS };
  if (await stored.put(row)) return { outcome: 'taken', fact, holds };
  const newest = await stored.get(key);
  return newest?.token === token ? { outcome: 'taken', fact, holds } : { outcome: 'superseded' };
}
