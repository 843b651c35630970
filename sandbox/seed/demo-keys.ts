import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { writePrivateFile } from './write-private-file.ts';

const keySchema = z.object({
  accessKeyId: z.string().regex(/^AKIA[A-Z2-7]{16}$/),
  secretAccessKey: z.string().min(40),
});
const keysSchema = z.record(z.string(), keySchema);
export type DemoKeys = z.infer<typeof keysSchema>;

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** An access key made at random. */
export const newKey = () => ({
  accessKeyId: `AKIA${[...randomBytes(16)].map((byte) => BASE32[byte % 32]).join('')}`,
  // Characters that a shell and a URL leave alone, so that the curl line works as pasted.
  secretAccessKey: randomBytes(30).toString('base64url'),
});

/**
 * An access key for each principal, made at random on this machine and kept over restarts in the data folder,
 * for this user's eyes only. A file that is not what it should be is made anew.
 */
export function demoKeys(ids: readonly string[], dataDir: string | undefined): DemoKeys {
  const path = dataDir && join(dataDir, 'keys.json');
  const stored = path ? readKeys(path) : {};
  const keys = Object.fromEntries(ids.map((id) => [id, stored[id] ?? newKey()]));
  if (path) writePrivateFile(path, `${JSON.stringify(keys, null, 2)}\n`);
  return keys;
}

function readKeys(path: string): DemoKeys {
  try {
    return keysSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return {};
  }
}
