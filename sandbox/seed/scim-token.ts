import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writePrivateFile } from './write-private-file.ts';

const TOKEN = /^[\w-]{43}$/;

/** What an identity provider brings to write people: made at random, and kept over restarts in the data folder. */
export function scimTokenIn(dataDir: string | undefined): string {
  const made = randomBytes(32).toString('base64url');
  if (!dataDir) return made;
  const path = join(dataDir, 'scim-token');
  const stored = readToken(path);
  if (stored === undefined) writePrivateFile(path, `${made}\n`);
  return stored ?? made;
}

function readToken(path: string): string | undefined {
  try {
    const text = readFileSync(path, 'utf8').trim();
    return TOKEN.test(text) ? text : undefined;
  } catch {
    return undefined;
  }
}
