import { rm } from 'node:fs/promises';
import { build } from 'esbuild';
import { BUNDLE_OPTIONS, copyReadAtRunTime } from './bundle-options.ts';

/**
 * Bundles handlers that run on one machine: each as `<name>/index.mjs` in the folder, what they share built once
 * beside them. A fifth of the work of a bundle each, and a third of what loading the sources takes. `entries`
 * are modules by name, relative to the repository. Answers the files they were made of. Throws with esbuild's messages
 * where they do not build.
 */
export async function bundleTogether(
  entries: Readonly<Record<string, string>>,
  folder: string,
): Promise<string[]> {
  await rm(folder, { recursive: true, force: true });
  const { metafile } = await build({
    ...BUNDLE_OPTIONS,
    entryPoints: Object.fromEntries(Object.entries(entries).map(([name, entry]) => [`${name}/index`, entry])),
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    splitting: true,
  });
  copyReadAtRunTime(metafile.inputs, folder, { config: false });
  return Object.keys(metafile.inputs);
}
