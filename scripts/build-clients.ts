import { execFileSync } from 'node:child_process';
import { chmod, rm } from 'node:fs/promises';
import { build } from 'esbuild';

/** CommonJS parts of what is bundled call `require`, which an ES module lacks. */
const BANNER =
  "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);";

/**
 * Builds what the package offers to others: the command line and the TypeScript client, each one file that runs
 * on Node 20 and later with nothing beside it; and the client's types, which name zod's and jose's.
 */
await rm('dist/clients', { recursive: true, force: true });
await build({
  entryPoints: { postern: 'clients/cli/postern.ts', sdk: 'clients/sdk/postern.ts' },
  outdir: 'dist/clients',
  outExtension: { '.js': '.mjs' },
  bundle: true,
  splitting: true,
  chunkNames: 'parts/[name]-[hash]',
  platform: 'node',
  target: 'node20',
  format: 'esm',
  mainFields: ['module', 'main'],
  minify: true,
  banner: { js: BANNER },
  logLevel: 'error',
});
await chmod('dist/clients/postern.mjs', 0o755);
execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.types.json'], {
  stdio: 'inherit',
});
