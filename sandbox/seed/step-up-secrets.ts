import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Secret } from 'otpauth';
import * as z from 'zod';
import { writePrivateFile } from './write-private-file.ts';

const secretsSchema = z.record(z.string(), z.string().regex(/^[A-Z2-7]{32,}$/));

/** A TOTP secret for each, made at random and kept over restarts in the data folder, for this user's eyes only. */
export function stepUpSecrets(ids: readonly string[], dataDir: string | undefined): Record<string, string> {
  const path = dataDir && join(dataDir, 'step-up.json');
  const stored = path ? readSecrets(path) : {};
  const secrets = Object.fromEntries(ids.map((id) => [id, stored[id] ?? new Secret({ size: 20 }).base32]));
  if (path) writePrivateFile(path, `${JSON.stringify(secrets, null, 2)}\n`);
  return secrets;
}

function readSecrets(path: string): Record<string, string> {
  try {
    return secretsSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return {};
  }
}
