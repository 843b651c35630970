import type { LogSink } from './functions/log-sink.ts';
import { announce, type BusEvent } from './streams/announce.ts';
import { createEventDelivery } from './streams/deliver-events.ts';
import { followTables } from './streams/follow-tables.ts';
import type { ResolvedTemplate } from './template/types.ts';

/** An event of a bus, and whom it is for. */
type Addressed = { readonly functionArn: string; readonly event: BusEvent };

type Options = {
  /** Runs a function by its name or ARN; waits for as long as there is none yet. */
  invoke: (nameOrArn: string, event: unknown) => Promise<unknown>;
  logs: LogSink;
};

/**
 * What follows the template's tables: the functions that read a stream, and the pipes that make events of one
 * and put them on the bus, from where rules take them to functions.
 */
export function connectStreams(template: ResolvedTemplate, { invoke, logs }: Options) {
  const events = createEventDelivery(
    ({ functionArn, event }: Addressed) => invoke(functionArn, event),
    ({ functionArn }, error) =>
      logs.add({
        functionName: functionArn,
        loggedAtMs: Date.now(),
        text: `an event was lost: ${String(error)}`,
      }),
  );
  const pipes = new Map(template.pipes.map((pipe) => [pipe.name, pipe]));
  const { tables, written, close } = followTables({
    mappings: [
      ...template.streams,
      ...template.pipes.map(({ name, ...pipe }) => ({ ...pipe, functionName: name })),
    ],
    keysOf: (table) => keysOf(template, table),
    async invoke(name, batch) {
      const pipe = pipes.get(name);
      if (!pipe) return invoke(name, batch);
      announce(pipe, batch.Records, (functionArn, event) => events.notify({ functionArn, event }));
    },
    onGivenUp: (functionName, error) =>
      logs.add({ functionName, loggedAtMs: Date.now(), text: `a change was not followed: ${String(error)}` }),
  });

  return {
    streamed: { tables, written },
    /** What is under way ends, what waits is dropped. */
    async close(): Promise<void> {
      await close();
      await events.settled();
    },
  };
}

function keysOf(template: ResolvedTemplate, tableName: string): string[] {
  const { properties } = template.tables.find(({ name }) => name === tableName) ?? {};
  const schema = (properties?.KeySchema ?? []) as unknown as { AttributeName: string }[];
  return schema.map(({ AttributeName }) => AttributeName);
}
