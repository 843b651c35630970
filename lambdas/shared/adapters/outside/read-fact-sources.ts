import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigError } from '../../domain/config-error.ts';
import { type FactSources, factSourcesSchema } from '../../domain/outside/fact-sources.ts';

const FILE = 'facts.json';
const NONE: FactSources = { version: 1, audience: 'none', sources: [] };

/** The sources that a text lists. Throws ConfigError. */
export function parseFactSources(text: string): FactSources {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new ConfigError(FILE, undefined, 'is not JSON');
  }
  const parsed = factSourcesSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new ConfigError(FILE, undefined, `${issue?.path.map(String).join('.')}: ${issue?.message}`);
}

let cached: { readonly from: string; readonly config: FactSources } | undefined;

/**
 * Who outside may state what, read once a process: of `FACT_SOURCES` where that is set (the sandbox has a source of its
 * own), else of the configuration's folder; nobody where it has no such file. Throws ConfigError.
 */
export function readFactSources(folder = process.env.POSTERN_CONFIG_DIR ?? 'config'): FactSources {
  const text = process.env.FACT_SOURCES;
  const file = join(folder, FILE);
  const from = text || file;
  if (cached?.from === from) return cached.config;
  const config = text
    ? parseFactSources(text)
    : existsSync(file)
      ? parseFactSources(readFileSync(file, 'utf8'))
      : NONE;
  cached = { from, config };
  return config;
}
