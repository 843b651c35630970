type Waiting<Item, Result> = {
  readonly items: readonly Item[];
  readonly done: PromiseWithResolvers<Result[]>;
};

/**
 * Does what is asked for one key one after the other, and what comes meanwhile together, up to `most` items at once,
 * in the order in which it came. `run` answers one result for each item. Where it fails for several askers at once,
 * each is tried alone, so that nobody fails for another's item.
 */
export function gather<Item, Result>(
  most: number,
  run: (key: string, items: readonly Item[]) => Promise<Result[]>,
): (key: string, items: readonly Item[]) => Promise<Result[]> {
  const lines = new Map<string, Waiting<Item, Result>[]>();

  /** The first in line, with as many of those behind as fit. */
  function take(line: Waiting<Item, Result>[]): Waiting<Item, Result>[] {
    let count = 0;
    const more = line.findIndex(({ items }, nth) => {
      count += items.length;
      return nth > 0 && count > most;
    });
    return line.splice(0, more < 0 ? line.length : more);
  }

  async function runTogether(key: string, together: readonly Waiting<Item, Result>[]): Promise<void> {
    try {
      const results = await run(
        key,
        together.flatMap(({ items }) => items),
      );
      let from = 0;
      for (const { items, done } of together) {
        done.resolve(results.slice(from, from + items.length));
        from += items.length;
      }
    } catch (error) {
      const [only] = together;
      if (together.length === 1) only?.done.reject(error);
      else for (const item of together) await runTogether(key, [item]);
    }
  }

  async function workOff(key: string, line: Waiting<Item, Result>[]): Promise<void> {
    while (line.length > 0) await runTogether(key, take(line));
    lines.delete(key);
  }

  return (key, items) => {
    const done = Promise.withResolvers<Result[]>();
    const line = lines.get(key);
    if (line) line.push({ items, done });
    else {
      const fresh = [{ items, done }];
      lines.set(key, fresh);
      void workOff(key, fresh);
    }
    return done.promise;
  };
}
