import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkConfig } from '../check-config.ts';
import { FUNCTION_ENTRIES, type FunctionName, functionNames } from '../function-entries.ts';
import { type Bundle, bundleFunction } from './bundle-function.ts';

/** In the repository, so that the paths in source maps, and with them the assets' hashes, are the same everywhere. */
const FOLDER = fileURLToPath(new URL('../../dist/functions/', import.meta.url));

/** Bundles every function, with the configuration, which is checked first. Throws ConfigError. */
export async function bundleFunctions(): Promise<Record<FunctionName, Bundle>> {
  checkConfig();
  const bundles = await Promise.all(
    functionNames.map(async (name) => [
      name,
      await bundleFunction(FUNCTION_ENTRIES[name], join(FOLDER, name)),
    ]),
  );
  return Object.fromEntries(bundles);
}
