import { cpSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BuildOptions } from 'esbuild';
import { VERSION } from '../version.ts';
import { leaveOut } from './leave-out.ts';
import { oneLocale } from './one-locale.ts';
import { onlyEnvCredentials } from './only-env-credentials.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** Which release a bundle is of: its first line, which a minifier leaves alone, says so. */
const RELEASE = `// postern ${VERSION}\n`;

/** Cedar and Bolt load CommonJS parts by `require` and `__dirname`, which an ES module lacks. */
const BANNER = [
  "import { createRequire as __createRequire } from 'node:module';",
  'const require = __createRequire(import.meta.url);',
  'const __dirname = import.meta.dirname;',
].join('');

/** Files that a module opens at run time, beside the bundle. */
const READ_AT_RUN_TIME = [
  {
    module: 'lambdas/shared/adapters/config/read-config.ts',
    copy: () => process.env.POSTERN_CONFIG_DIR ?? 'config',
    to: 'config',
  },
  {
    module: 'lambdas/shared/adapters/config/read-issuers.ts',
    copy: () => process.env.POSTERN_CONFIG_DIR ?? 'config',
    to: 'config',
  },
  {
    module: 'lambdas/shared/adapters/outside/read-fact-sources.ts',
    copy: () => process.env.POSTERN_CONFIG_DIR ?? 'config',
    to: 'config',
  },
  {
    module: 'node_modules/@cedar-policy/cedar-wasm/nodejs/cedar_wasm.js',
    copy: () => 'node_modules/@cedar-policy/cedar-wasm/nodejs/cedar_wasm_bg.wasm',
    to: 'cedar_wasm_bg.wasm',
  },
  {
    module: 'lambdas/front-door/read-open-api.ts',
    copy: () => 'docs/openapi.json',
    to: 'docs/openapi.json',
  },
  {
    module: 'clients/iam/read-iam-data.ts',
    copy: () => 'policy/data',
    to: 'iam-data',
  },
];

/** What every bundle of a function has in common: one ES module for Node.js 24, the AWS SDK inside. */
export const BUNDLE_OPTIONS = {
  absWorkingDir: ROOT,
  bundle: true,
  platform: 'node',
  target: 'node24',
  format: 'esm',
  mainFields: ['module', 'main'],
  sourcemap: true,
  sourcesContent: false,
  minify: true,
  banner: { js: RELEASE + BANNER },
  plugins: [oneLocale, onlyEnvCredentials, leaveOut],
  metafile: true,
  logLevel: 'silent',
} as const satisfies BuildOptions;

/**
 * Copies what the bundled modules (an output's inputs, or a whole build's) read at run time to where they look for it. The
 * configuration is left out for functions that are told of a folder of it by POSTERN_CONFIG_DIR.
 */
export function copyReadAtRunTime(
  inputs: Readonly<Record<string, unknown>>,
  folder: string,
  { config = true } = {},
): void {
  for (const { module, copy, to } of READ_AT_RUN_TIME) {
    if (!(module in inputs) || (to === 'config' && !config)) continue;
    cpSync(resolve(ROOT, copy()), join(folder, to), {
      recursive: true,
      // For editors alone, or in the bundle already.
      filter: (file) => !/\.(?:schema\.json|ts|md)$/.test(file),
    });
  }
}
