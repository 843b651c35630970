import { execFileSync } from 'node:child_process';
import { chmod, cp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';

/** The package that others install: what is built, and what it names, without the broker. */
const PACKAGE = 'dist/clients';
/** What the client's types name. */
const NAMED_BY_TYPES = ['jose', 'zod'];

/** CommonJS parts of what is bundled call `require`, which an ES module lacks. */
const BANNER =
  "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);";

/** Paths of the repository's package.json as the built package has them. */
const fromPackage = <T>(value: T): T => JSON.parse(JSON.stringify(value).replaceAll(`${PACKAGE}/`, ''));

/** Makes the built folder a package of its own: the repository's, with the dependencies of what is built alone. */
async function describePackage(): Promise<void> {
  const { name, version, description, license, type, bin, exports, engines, files, dependencies } =
    JSON.parse(await readFile('package.json', 'utf8')) as Record<string, unknown> & {
      files: string[];
      dependencies: Record<string, string>;
    };
  const described = {
    ...{ name, version, description, license, type, engines },
    ...fromPackage({ bin, exports }),
    dependencies: Object.fromEntries(NAMED_BY_TYPES.map((library) => [library, dependencies[library]])),
  };
  await writeFile(join(PACKAGE, 'package.json'), `${JSON.stringify(described, null, 2)}\n`);
  // What IAM knows of its services is read as it is needed, beside the parts that read it.
  await cp('policy/data', join(PACKAGE, 'iam-data'), {
    recursive: true,
    filter: (file) => !file.endsWith('.ts'),
  });
  for (const file of ['LICENSE', ...files.filter((path) => path !== PACKAGE)])
    await cp(file, join(PACKAGE, file));
}

/**
 * Builds what the package offers to others: the command line (and what its threads run) and the TypeScript client, which
 * share their parts and run on Node 20 and later with nothing else beside them; and the client's types, which name zod's and jose's.
 */
await rm(PACKAGE, { recursive: true, force: true });
await build({
  entryPoints: {
    postern: 'clients/cli/postern.ts',
    sdk: 'clients/sdk/postern.ts',
    'check-thread': 'clients/iam/threads/check-thread.ts',
  },
  outdir: PACKAGE,
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
await chmod(join(PACKAGE, 'postern.mjs'), 0o755);
execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.types.json'], {
  stdio: 'inherit',
});
await describePackage();
