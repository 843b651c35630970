import { readFileSync } from 'node:fs';

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

/** The release that this source is of: package.json's. Bundles carry it, and every answer of the API names it. */
export const VERSION = version;
