import { execFileSync } from 'node:child_process';
import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buildPrograms } from './build-programs.ts';

/** The package that others install: what is built, and what it names, without the broker. */
const PACKAGE = 'dist/clients';
/** What the client's types name. */
const NAMED_BY_TYPES = ['jose', 'zod'];

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
  for (const file of ['LICENSE', ...files.filter((path) => path !== PACKAGE)])
    await cp(file, join(PACKAGE, file));
}

/** Builds what the package offers to others, and the client's types, which name zod's and jose's. */
await rm(PACKAGE, { recursive: true, force: true });
await buildPrograms(PACKAGE);
execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.types.json'], {
  stdio: 'inherit',
});
await describePackage();
