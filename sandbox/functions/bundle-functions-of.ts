import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { bundleTogether } from '../../infra/bundle/bundle-together.ts';
import type { ResolvedTemplate } from '../template/types.ts';

type BundledFunctions = {
  /** Holds each function as `<its name>/index.mjs`. */
  readonly folder: string;
  /** Removes what would be of no use after this run. */
  readonly discard: () => Promise<void>;
};

/** Bundles the template's functions: kept with the data of a sandbox that keeps any, else for this run alone. */
export async function bundleFunctionsOf(
  { functions }: Pick<ResolvedTemplate, 'functions'>,
  dataDir: string | undefined,
): Promise<BundledFunctions> {
  const folder =
    dataDir === undefined
      ? await mkdtemp(join(tmpdir(), 'postern-functions-'))
      : resolve(dataDir, 'functions');
  await bundleTogether(Object.fromEntries(functions.map(({ name, entry }) => [name, entry])), folder);
  const discard = async () => {
    if (dataDir === undefined) await rm(folder, { recursive: true, force: true });
  };
  return { folder, discard };
}
