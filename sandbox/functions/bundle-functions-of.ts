import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { digestOf } from '../../lambdas/shared/domain/digest.ts';
import { cacheBuilt } from '../built/cache-built.ts';
import { digestSources } from '../built/digest-sources.ts';
import type { ResolvedTemplate } from '../template/types.ts';

/** What runs in every function's thread, in the folder of the bundles. */
export const THREAD = 'thread';

/** The files that the bundles were made of, beside them. */
export const MADE_OF = 'made-of.json';

/**
 * Bundles the template's functions, or finds them where these sources were bundled before; answers the folder that holds
 * each function as `<its name>/index.mjs`, and what runs in every thread as one more. It is shared: nothing but what Node
 * compiled is written into it.
 */
export async function bundleFunctionsOf({ functions }: Pick<ResolvedTemplate, 'functions'>): Promise<string> {
  const entries = Object.fromEntries([
    ...functions.map(({ name, entry }) => [name, entry]),
    [THREAD, 'sandbox/functions/function-thread.ts'],
  ]);
  const key = digestOf({ sources: digestSources(), entries }).replace('sha256:', 'functions-');
  return cacheBuilt(key, async (folder) => {
    const { bundleTogether } = await import('../../infra/bundle/bundle-together.ts');
    const files = await bundleTogether(entries, folder);
    writeFileSync(join(folder, MADE_OF), JSON.stringify(files));
  });
}
