import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { z } from 'zod';
import { type ApprovalsConfig, approvalsConfigSchema } from '../../domain/approvals/approvals-config.ts';
import { type CatalogFile, catalogSchema, type WrittenCatalog } from '../../domain/catalog/catalog.ts';
import { checkCatalog, checkOwnerTiers } from '../../domain/catalog/check-catalog.ts';
import { expandAccounts } from '../../domain/catalog/expand-accounts.ts';
import { ConfigError, lineAt } from '../../domain/config-error.ts';
import { digestOf } from '../../domain/digest.ts';
import { type LimitsConfig, limitsConfigSchema } from '../../domain/limits/limits-config.ts';

/** Digests of the files as they ship; the workflow pins them, and a mismatch denies. */
export type ConfigDigests = { catalog: string; guardrails: string; approvals: string };

type ConfigFiles = {
  readonly catalog: CatalogFile;
  readonly approvals: ApprovalsConfig;
  /** Not pinned: no decision rests on them, only whether there is one. */
  readonly limits: LimitsConfig;
  readonly guardrailsText: string;
  readonly digests: ConfigDigests;
  /** The line of the catalog that an entry begins on. */
  lineOfEntry(key: string): number | undefined;
};

/** A file of the configuration as it is written. Throws ConfigError where it cannot be read. */
export function readConfigText(folder: string, file: string): string {
  try {
    return readFileSync(join(folder, file), 'utf8');
  } catch {
    throw new ConfigError(
      file,
      undefined,
      `cannot be read in ${folder}; set POSTERN_CONFIG_DIR to its folder`,
    );
  }
}

function parse<Schema extends z.ZodType>(file: string, text: string, schema: Schema): z.infer<Schema> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const offset = /position (\d+)/.exec(String(error))?.[1];
    const line = offset === undefined ? undefined : lineAt(text, Number(offset));
    throw new ConfigError(file, line, 'is not JSON');
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const path = issue?.path.map(String).join('.') ?? '';
  throw new ConfigError(file, lineOfPath(text, value, issue?.path ?? []), `${path}: ${issue?.message}`);
}

/** The line a path leads to, each list item on it found by its own key or name; best effort. */
function lineOfPath(text: string, value: unknown, path: readonly PropertyKey[]): number | undefined {
  let offset = -1;
  let inside = value;
  for (const part of path) {
    inside = (inside as Record<PropertyKey, unknown> | undefined)?.[part];
    const item = inside as { key?: unknown; name?: unknown } | undefined;
    const next = text.indexOf(
      JSON.stringify(typeof part === 'number' ? (item?.key ?? item?.name) : part) ?? '\0',
      offset + 1,
    );
    if (next < 0) break;
    offset = next;
  }
  return offset < 0 ? undefined : lineAt(text, offset);
}

function lineOf(text: string, name: string): number | undefined {
  const offset = text.indexOf(JSON.stringify(name));
  return offset < 0 ? undefined : lineAt(text, offset);
}

/** The catalog with an entry for each account. Throws ConfigError. */
function expanded(written: WrittenCatalog, lineOfEntry: (key: string) => number | undefined): CatalogFile {
  const { catalog, problem } = expandAccounts(written);
  if (catalog) return catalog;
  const { key } = problem;
  if (key === undefined) throw new ConfigError('catalog.json', undefined, problem.problem);
  throw new ConfigError('catalog.json', lineOfEntry(key), `${key}: ${problem.problem}`);
}

/** Where the configuration is. */
export const folderOfConfig = (): string => process.env.POSTERN_CONFIG_DIR || 'config';
let cached: { folder: string; files: ConfigFiles } | undefined;

/**
 * Reads and checks the configuration, once a process. Throws ConfigError, which names the file, where it can
 * the line, and what to do.
 */
export function readConfigFiles(folder = folderOfConfig()): ConfigFiles {
  if (cached?.folder === folder) return cached.files;
  const catalogText = readConfigText(folder, 'catalog.json');
  const approvalsText = readConfigText(folder, 'approvals.json');
  const guardrailsText = readConfigText(folder, 'guardrails.cedar');
  const written = parse('catalog.json', catalogText, catalogSchema);
  const approvals = parse('approvals.json', approvalsText, approvalsConfigSchema);
  const limits = parse('limits.json', readConfigText(folder, 'limits.json'), limitsConfigSchema);
  // Entries of several accounts are written once.
  const lineOfEntry = (key: string) => lineOf(catalogText, key.replace(/@.*$/, ''));
  const catalog = expanded(written, lineOfEntry);
  checkCatalog(catalog, lineOfEntry);
  checkOwnerTiers(catalog, approvals.tiers, lineOfEntry);
  const digests = {
    catalog: digestOf(catalogText),
    guardrails: digestOf(guardrailsText),
    approvals: digestOf(approvalsText),
  };
  cached = { folder, files: { catalog, approvals, limits, guardrailsText, digests, lineOfEntry } };
  return cached.files;
}

export const readConfigDigests = (): ConfigDigests => readConfigFiles().digests;
