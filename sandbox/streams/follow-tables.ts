import { setTimeout as pause } from 'node:timers/promises';
import * as z from 'zod';
import type { WrittenImage } from '../aws/dynamodb/written-image.ts';
import type { StreamMapping } from '../template/types.ts';
import { matchesPattern } from './matches-pattern.ts';

/** As much of a stream's record as filters and functions look at. */
type StreamRecord = {
  readonly eventName: WrittenImage['eventName'];
  readonly dynamodb: {
    readonly Keys: Record<string, unknown>;
    readonly NewImage: Record<string, unknown>;
    readonly SequenceNumber: string;
  };
};

type Shard = {
  readonly mapping: StreamMapping;
  readonly patterns: readonly unknown[];
  readonly waiting: StreamRecord[];
  running: Promise<void> | undefined;
};

type Options = {
  /** Those of functions; and pipes, which are called by their names. */
  readonly mappings: readonly StreamMapping[];
  /** Attributes of a table's key. */
  readonly keysOf: (table: string) => readonly string[];
  readonly invoke: (functionName: string, event: { Records: readonly unknown[] }) => Promise<unknown>;
  readonly onGivenUp: (functionName: string, error: unknown) => void;
};

/** Tries of one batch. Lambda goes on for as long as the mapping says; here a person would wait. */
const MOST_TRIES = 5;
const PAUSE_MS = 200;

const answerSchema = z
  .object({ batchItemFailures: z.array(z.object({ itemIdentifier: z.string() })).default([]) })
  .catch({ batchItemFailures: [] });

/**
 * Hands what is written to a table to the functions that its event source mappings name: in order, in batches,
 * from the first record that failed again where the function says so. Each mapping waits for no other.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-eventsourcemapping.html
 */
export function followTables({ mappings, keysOf, invoke, onGivenUp }: Options) {
  const shards = mappings.map(
    (mapping): Shard => ({
      mapping,
      patterns: mapping.patterns.map((text): unknown => JSON.parse(text)),
      waiting: [],
      running: undefined,
    }),
  );
  let written = 0;
  let closed = false;

  function start(shard: Shard): void {
    shard.running ??= drain(shard).finally(() => {
      shard.running = undefined;
      // Written between the last look and the end.
      if (shard.waiting.length > 0 && !closed) start(shard);
    });
  }

  async function drain({ mapping, waiting }: Shard): Promise<void> {
    let tries = 0;
    while (waiting.length > 0 && !closed) {
      const batch = waiting.slice(0, mapping.batchSize);
      const { done, error } = await deliver(mapping.functionName, batch);
      waiting.splice(0, done);
      tries = done > 0 ? 0 : tries + 1;
      if (done === batch.length) continue;
      if (tries >= MOST_TRIES) {
        onGivenUp(mapping.functionName, error);
        waiting.splice(0, 1);
        tries = 0;
      }
      await pause(PAUSE_MS);
    }
  }

  /** How many of the batch are done with. */
  async function deliver(functionName: string, Records: StreamRecord[]) {
    try {
      const [failed] = answerSchema.parse(await invoke(functionName, { Records })).batchItemFailures;
      if (!failed) return { done: Records.length, error: undefined };
      const failedIndex = Records.findIndex(
        ({ dynamodb }) => dynamodb.SequenceNumber === failed.itemIdentifier,
      );
      return { done: Math.max(0, failedIndex), error: 'the function reported a failure' };
    } catch (error) {
      return { done: 0, error };
    }
  }

  return {
    tables: new Set(mappings.map(({ table }) => table)),

    written({ table, eventName, image }: WrittenImage): void {
      written += 1;
      const record: StreamRecord = {
        eventName,
        dynamodb: {
          Keys: Object.fromEntries(keysOf(table).map((name) => [name, image[name]])),
          NewImage: image,
          SequenceNumber: String(written),
        },
      };
      for (const shard of shards) {
        const matches =
          shard.patterns.length === 0 || shard.patterns.some((it) => matchesPattern(it, record));
        if (shard.mapping.table !== table || !matches) continue;
        shard.waiting.push(record);
        start(shard);
      }
    },

    /** Ends the deliveries: what is under way ends, what waits is dropped. */
    async close(): Promise<void> {
      closed = true;
      await Promise.all(shards.map(({ running }) => running));
    },
  };
}
