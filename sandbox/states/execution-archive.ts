import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Execution } from './execution.ts';
import { createHistory } from './history.ts';

/** Executions kept on disk; older files are removed as new ones are written. */
const MOST_ARCHIVED = 200;

/** Keeps executions that have ended beyond a restart, so that the console can still show them. */
export type ExecutionArchive = {
  /** The executions kept, oldest first. A file that cannot be read is skipped. */
  load(): Execution[];
  save(execution: Execution): void;
};

/** An archive of one file an execution. Synchronous: an ended execution is on disk before anybody is told. */
export function openExecutionArchive(directory: string, most = MOST_ARCHIVED): ExecutionArchive {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  // File names begin with the start date, so that their order is that of the executions.
  const files = (): string[] =>
    readdirSync(directory)
      .filter((file) => file.endsWith('.json'))
      .toSorted();

  return {
    load: () => files().flatMap((file) => readExecution(join(directory, file))),
    save(execution) {
      const file = `${String(execution.startDate).padStart(15, '0')}-${encodeURIComponent(execution.name)}.json`;
      const { history, ...rest } = execution;
      // Written beside and renamed: a crash leaves no half of a file.
      const draft = join(directory, `${file}.part`);
      writeFileSync(draft, JSON.stringify({ ...rest, events: history.events }), { mode: 0o600 });
      renameSync(draft, join(directory, file));
      for (const old of files().slice(0, -most)) rmSync(join(directory, old), { force: true });
    },
  };
}

function readExecution(path: string): Execution[] {
  try {
    const { events, ...rest } = JSON.parse(readFileSync(path, 'utf8'));
    return [{ ...rest, history: createHistory(events) }];
  } catch {
    return [];
  }
}
