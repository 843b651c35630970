import { chmod, cp } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';

/** CommonJS parts of what is bundled call `require`, which an ES module lacks. */
const BANNER =
  "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);";

/**
 * Builds the command line (and what its threads run) and the TypeScript client into a folder. They share their parts, and
 * run on Node 20 and later with nothing else beside them.
 */
export async function buildPrograms(folder: string): Promise<void> {
  await build({
    entryPoints: {
      postern: 'clients/cli/postern.ts',
      sdk: 'clients/sdk/postern.ts',
      'check-thread': 'clients/iam/threads/check-thread.ts',
    },
    outdir: folder,
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
  // What IAM knows of its services is read as it is needed, beside the parts that read it.
  await cp('policy/data', join(folder, 'iam-data'), {
    recursive: true,
    filter: (file) => !file.endsWith('.ts'),
  });
  await chmod(join(folder, 'postern.mjs'), 0o755);
}
