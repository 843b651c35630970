import { cpSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { oneLocale } from './one-locale.ts';
import { onlyEnvCredentials } from './only-env-credentials.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** Cedar and Bolt load CommonJS parts by `require` and `__dirname`, which an ES module lacks. */
const BANNER = [
  "import { createRequire as __createRequire } from 'node:module';",
  'const require = __createRequire(import.meta.url);',
  'const __dirname = import.meta.dirname;',
].join('');

/** Files that a module opens at run time, beside the bundle. */
const READ_AT_RUN_TIME = [
  {
    module: 'lambdas/shared/adapters/read-config.ts',
    copy: () => process.env.POSTERN_CONFIG_DIR ?? 'config',
  },
  {
    module: 'node_modules/@cedar-policy/cedar-wasm/nodejs/cedar_wasm.js',
    copy: () => 'node_modules/@cedar-policy/cedar-wasm/nodejs/cedar_wasm_bg.wasm',
  },
];

export type Bundle = { readonly folder: string; readonly javascriptBytes: number };

/**
 * Bundles one handler, the AWS SDK included, as a folder that Lambda runs as it is: `index.mjs`, its source map,
 * and what its modules read at run time. Throws with esbuild's messages where it does not build.
 */
export async function bundleFunction(entry: string, folder: string): Promise<Bundle> {
  await rm(folder, { recursive: true, force: true });
  const { metafile } = await build({
    absWorkingDir: ROOT,
    entryPoints: [entry],
    outfile: join(folder, 'index.mjs'),
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    mainFields: ['module', 'main'],
    minify: true,
    sourcemap: true,
    sourcesContent: false,
    banner: { js: BANNER },
    plugins: [oneLocale, onlyEnvCredentials],
    metafile: true,
    logLevel: 'silent',
  });
  for (const { module, copy } of READ_AT_RUN_TIME) {
    if (!(module in metafile.inputs)) continue;
    const from = resolve(ROOT, copy());
    cpSync(from, join(folder, copy().endsWith('.wasm') ? basename(from) : 'config'), { recursive: true });
  }
  const script = Object.entries(metafile.outputs).find(([file]) => file.endsWith('.mjs'));
  return { folder, javascriptBytes: script?.[1].bytes ?? 0 };
}
