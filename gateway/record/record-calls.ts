import {
  type CallEvent,
  type CallFacts,
  type CallRecord,
  CHAIN_LENGTH,
  nextCallRecord,
} from '../../lambdas/shared/domain/audit/call-record.ts';

export type RecordPorts = {
  readonly calls: { append(record: CallRecord): Promise<boolean> };
  readonly sign: (hash: string) => string;
  readonly clock: () => Date;
  /** Told of an outcome that could not be written: its intent stands without one. */
  readonly onLost: (record: CallRecord) => void;
};

type Chain = { readonly base: number; head: { readonly seq: number; readonly hash: string } | undefined };

/** The place was another's, or the table did not answer. Nothing may be forwarded. */
export class NotRecorded extends Error {
  override name = 'NotRecorded';
}

/** Tries of an outcome's write: the call it tells of is over, and nothing can be undone. */
const MOST_TRIES = 3;
const MOST_CHAINS = 10_000;

/**
 * Writes the records of calls: one chain a session and process, so that no two writers share a place. Records of one
 * chain are written side by side; a chain that lost one is left, and another begun, since what follows could not be
 * told from a gap.
 */
export function makeRecorder({ calls, sign, clock, onLost }: RecordPorts) {
  const chains = new Map<string, Chain>();
  let started = Math.floor(clock().getTime() / 1000);

  function chainOf(session: string): Chain {
    const found = chains.get(session);
    if (found && found.head?.seq !== found.base + CHAIN_LENGTH - 1) return found;
    if (chains.size >= MOST_CHAINS) chains.clear();
    // A number that no chain of this process had before; another process's place is refused by the table.
    started += 1;
    const chain: Chain = { base: started * CHAIN_LENGTH, head: undefined };
    chains.set(session, chain);
    return chain;
  }

  async function write(session: string, event: CallEvent, facts: CallFacts): Promise<void> {
    for (let attempt = 1; attempt <= MOST_TRIES; attempt += 1) {
      const outcome = await tryWrite(session, event, facts);
      if (outcome === 'written') return;
      if (outcome === 'lost') break;
    }
    throw new NotRecorded(`${event} of ${session}`);
  }

  /** `taken`: the first place of a chain is that of a replica which began in the same second. */
  async function tryWrite(
    session: string,
    event: CallEvent,
    facts: CallFacts,
  ): Promise<'written' | 'taken' | 'lost'> {
    const chain = chainOf(session);
    const isFirst = chain.head === undefined;
    const record = nextCallRecord(chain.head, chain.base, { session, event, facts }, clock(), sign);
    chain.head = record;
    const isWritten = await calls.append(record).catch(() => undefined);
    if (isWritten) return 'written';
    if (chains.get(session) === chain) chains.delete(session);
    return isWritten === false && isFirst ? 'taken' : 'lost';
  }

  return {
    /** Durable when it answers. Throws NotRecorded, after which the call must not be made. */
    write,

    /** Writes what became of a call; tried again, in a new chain, where it fails. */
    async writeLate(session: string, event: CallEvent, facts: CallFacts): Promise<void> {
      for (let attempt = 1; attempt <= MOST_TRIES; attempt += 1) {
        try {
          await write(session, event, facts);
          return;
        } catch (error) {
          if (!(error instanceof NotRecorded)) throw error;
        }
      }
      onLost(nextCallRecord(undefined, 0, { session, event, facts }, clock(), sign));
    },
  };
}
export type Recorder = ReturnType<typeof makeRecorder>;
