import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Beside the installed packages, where only whoever installed them writes; `npm ci` empties it. */
const CACHE = fileURLToPath(new URL('../../node_modules/.cache/postern/', import.meta.url));
/** What nobody has used for so long is removed by the next build. A sandbox may run, and load, for days. */
const UNUSED_MS = 14 * 24 * 60 * 60 * 1000;

const PARTIAL = '.partial-';

/**
 * The folder that `build` fills, for whoever has the same digest: built once, then found. It appears whole or not at all,
 * so processes that build the same at once do not see each other's half. Nothing is left of a build that throws. Where the
 * cache cannot be written, it is built for this run alone.
 */
export async function cacheBuilt(
  digest: string,
  build: (folder: string) => Promise<unknown>,
  cache = CACHE,
): Promise<string> {
  const folder = join(cache, digest);
  if (isThere(folder)) {
    const now = new Date();
    utimesSync(folder, now, now);
    return folder;
  }
  const partial = emptyIn(cache);
  if (!partial) {
    const forThisRun = mkdtempSync(join(tmpdir(), 'postern-built-'));
    await build(forThisRun);
    return forThisRun;
  }
  try {
    await build(partial);
    renameSync(partial, folder);
  } catch (error) {
    rmSync(partial, { recursive: true, force: true });
    // Another process was first.
    if (!isThere(folder)) throw error;
  }
  return folder;
}

const isThere = (folder: string): boolean =>
  statSync(folder, { throwIfNoEntry: false })?.isDirectory() ?? false;

/** A new folder in the cache; undefined where this user may not write there. */
function emptyIn(cache: string): string | undefined {
  try {
    mkdirSync(cache, { recursive: true });
    removeUnused(cache);
    return mkdtempSync(join(cache, PARTIAL));
  } catch {
    return undefined;
  }
}

function removeUnused(cache: string): void {
  for (const name of readdirSync(cache)) {
    const folder = join(cache, name);
    const { mtimeMs } = statSync(folder, { throwIfNoEntry: false }) ?? { mtimeMs: Date.now() };
    if (Date.now() - mtimeMs > UNUSED_MS) rmSync(folder, { recursive: true, force: true });
  }
}
