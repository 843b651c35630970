import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import { BUNDLE_OPTIONS, copyReadAtRunTime } from './bundle-options.ts';

export type Bundle = { readonly folder: string; readonly javascriptBytes: number };

/**
 * Bundles one handler, the AWS SDK included, as a folder that Lambda runs as it is: `index.mjs`, its source map,
 * and what its modules read at run time. Throws with esbuild's messages where it does not build.
 */
export async function bundleFunction(entry: string, folder: string): Promise<Bundle> {
  await rm(folder, { recursive: true, force: true });
  const { metafile } = await build({
    ...BUNDLE_OPTIONS,
    entryPoints: [entry],
    outfile: join(folder, 'index.mjs'),
    minify: true,
  });
  copyReadAtRunTime(metafile, folder);
  const script = Object.entries(metafile.outputs).find(([file]) => file.endsWith('.mjs'));
  return { folder, javascriptBytes: script?.[1].bytes ?? 0 };
}
