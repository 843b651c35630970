type Table = { readonly calls: Set<Promise<unknown>>; alone: Promise<unknown> | undefined };

/** Lets the calls of a table through side by side, and a transaction alone. */
export function makeTableGate() {
  const tables = new Map<string, Table>();
  const tableOf = (name: string): Table => {
    const table = tables.get(name) ?? { calls: new Set(), alone: undefined };
    tables.set(name, table);
    return table;
  };

  return {
    async pass<Answer>(names: readonly string[], run: () => Promise<Answer>): Promise<Answer> {
      const passed = names.map(tableOf);
      for (let table = passed.find(({ alone }) => alone); table; table = passed.find(({ alone }) => alone))
        await table.alone;
      const call = run();
      const ended = call.then(
        () => {},
        () => {},
      );
      for (const { calls } of passed) calls.add(ended);
      void ended.then(() => {
        for (const { calls } of passed) calls.delete(ended);
      });
      return call;
    },

    async alone<Answer>(names: Iterable<string>, run: () => Promise<Answer>): Promise<Answer> {
      const { promise, resolve } = Promise.withResolvers<void>();
      // In one order, so that two transactions never wait for each other.
      const taken = [...new Set(names)].sort().map(tableOf);
      for (const table of taken) {
        while (table.alone) await table.alone;
        table.alone = promise;
      }
      try {
        await Promise.all(taken.flatMap(({ calls }) => [...calls]));
        return await run();
      } finally {
        for (const table of taken) table.alone = undefined;
        resolve();
      }
    },
  };
}
