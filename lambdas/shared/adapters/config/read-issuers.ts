import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigError } from '../../domain/config-error.ts';
import { type IssuersConfig, issuersConfigSchema } from '../../domain/identity/issuers.ts';

const FILE = 'issuers.json';
const NONE: IssuersConfig = { version: 1, issuers: [] };

/** The issuers that a text lists. Throws ConfigError. */
export function parseIssuers(text: string): IssuersConfig {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new ConfigError(FILE, undefined, 'is not JSON');
  }
  const parsed = issuersConfigSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new ConfigError(FILE, undefined, `${issue?.path.map(String).join('.')}: ${issue?.message}`);
}

let cached: { readonly from: string; readonly issuers: IssuersConfig } | undefined;

/**
 * The issuers whose tokens this deployment takes, read once a process: of `ISSUERS` where that is set (the sandbox
 * has one of its own), else of the configuration's folder; none where it has no such file. Throws ConfigError.
 */
export function readIssuers(folder = process.env.POSTERN_CONFIG_DIR ?? 'config'): IssuersConfig {
  const text = process.env.ISSUERS;
  const file = join(folder, FILE);
  const from = text || file;
  if (cached?.from === from) return cached.issuers;
  const issuers = text
    ? parseIssuers(text)
    : existsSync(file)
      ? parseIssuers(readFileSync(file, 'utf8'))
      : NONE;
  cached = { from, issuers };
  return issuers;
}
