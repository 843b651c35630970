import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'esbuild';
import { BUNDLED, type BundledName, bundledNames } from '../all-functions.ts';
import { checkConfig } from '../check-config.ts';
import { BUNDLE_OPTIONS, copyReadAtRunTime } from './bundle-options.ts';
import { leaveOutJsonSchema } from './leave-out.ts';

export type Bundle = { readonly folder: string; readonly javascriptBytes: number };

/** In the repository, so that the paths in source maps, and with them the assets' hashes, are the same everywhere. */
const FOLDER = fileURLToPath(new URL('../../dist/functions/', import.meta.url));

/** Modules that have Zod write JSON Schema; a test finds any other. */
export const WRITES_JSON_SCHEMA = [
  'lambdas/shared/http/schema-writer.ts',
  'lambdas/shared/adapters/reviewer/ask-openai.ts',
  'lambdas/shared/adapters/reviewer/ask-bedrock.ts',
  'docs/examples/support-agent/tools.ts',
] as const;

/**
 * Bundles every function, the AWS SDK included, as a folder that Lambda runs as it is: `index.mjs`, its source map,
 * and what its modules read at run time, the configuration among it, which is checked first. One build for all: what
 * they share is read once, and still in each. Throws ConfigError, or with esbuild's messages where they do not build.
 */
export async function bundleFunctions(folder = FOLDER): Promise<Record<BundledName, Bundle>> {
  checkConfig();
  await rm(folder, { recursive: true, force: true });
  const bundle = async (names: readonly BundledName[], plugins: readonly Plugin[]) => {
    const { metafile } = await build({
      ...BUNDLE_OPTIONS,
      plugins: [...BUNDLE_OPTIONS.plugins, ...plugins],
      entryPoints: Object.fromEntries(names.map((name) => [`postern-${name}/index`, BUNDLED[name].entry])),
      outdir: folder,
      outExtension: { '.js': '.mjs' },
    });
    const outputs = Object.values(metafile.outputs);
    return names.map((name) => {
      const output = outputs.find(({ entryPoint }) => entryPoint === BUNDLED[name].entry);
      if (!output) throw new Error(`esbuild wrote nothing for ${name}`);
      return { name, output };
    });
  };
  const lean = await bundle(bundledNames, [leaveOutJsonSchema]);
  const writers = lean.filter(({ output }) => WRITES_JSON_SCHEMA.some((module) => module in output.inputs));
  const whole = await bundle(
    writers.map(({ name }) => name),
    [],
  );
  const bundles = [...lean, ...whole].map(({ name, output }): [BundledName, Bundle] => {
    const own = join(folder, `postern-${name}`);
    copyReadAtRunTime(output.inputs, own);
    return [name, { folder: own, javascriptBytes: output.bytes }];
  });
  return Object.fromEntries(bundles) as Record<BundledName, Bundle>;
}
