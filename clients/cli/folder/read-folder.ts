import { lstat, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type * as z from 'zod';
import { isOfDirectory } from '../../../lambdas/shared/domain/people/directory-principal.ts';
import { type Template, templateSchema } from '../../../lambdas/shared/domain/people/template.ts';
import {
  type Principal,
  principalIdSchema,
  principalSchema,
} from '../../../lambdas/shared/domain/principal.ts';
import { visibleText } from '../../../lambdas/shared/domain/text/show-hostile-text.ts';

/** What a folder says of principals, policies and templates, by their ids. */
export type Folder = {
  readonly principals: ReadonlyMap<string, Principal>;
  readonly policies: ReadonlyMap<string, string>;
  readonly templates: ReadonlyMap<string, Template>;
};

/** The folders of a folder, and how the files in each end. */
export const SUFFIXES = { principals: '.json', policies: '.txt', templates: '.json' } as const;
type Part = keyof typeof SUFFIXES;
const PARTS = Object.keys(SUFFIXES) as Part[];
const isPart = (name: string): name is Part => PARTS.includes(name as Part);

const MOST_FILES = 5_000;
const MOST_BYTES = 128 * 1024;
const MOST_POLICY = 16_384;

/** A name as it may be shown: others choose it. */
const shown = (name: string): string => visibleText(name).slice(0, 100);

/** Told beside all that is wrong in other files. */
class Wrong extends Error {}

/**
 * Reads a folder. Nothing is followed, guessed or left out: a link, a name that is no id, a file that is not what its
 * name says, a folder that is none of the three is told, all of them at once, and then nothing was read.
 */
export async function readFolder(path: string): Promise<{ folder: Folder; problems: string[] }> {
  const problems: string[] = [];
  const principals = new Map<string, Principal>();
  const policies = new Map<string, string>();
  const templates = new Map<string, Template>();
  const note = async (read: () => Promise<void> | void): Promise<void> => {
    try {
      await read();
    } catch (error) {
      if (!(error instanceof Wrong)) throw error;
      problems.push(error.message);
    }
  };
  const seen = new Map<string, string>();
  for (const part of await listParts(path, problems)) {
    for (const { name, id } of await listFiles(path, part, problems)) {
      const file = `${part}/${name}`;
      await note(async () => {
        const text = await readText(join(path, part, name), file);
        if (part === 'policies') return void policies.set(id, policyIn(text, id, file));
        const entry = part === 'principals' ? principalIn(text, file) : templateIn(text, file);
        const other = seen.get(`${part} ${entry.id}`);
        seen.set(`${part} ${entry.id}`, file);
        if (other)
          throw new Wrong(
            `${file}: its "id" is ${entry.id}, which ${other} has: give each a file of its own`,
          );
        if (entry.id !== id)
          throw new Wrong(`${file}: its "id" is ${entry.id}; a file is named after its id`);
        if ('persons' in entry) principals.set(id, entry);
        else templates.set(id, entry);
      });
    }
  }
  return { folder: { principals, policies, templates }, problems };
}

async function listParts(path: string, problems: string[]): Promise<Part[]> {
  const entries = await readdir(path, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    problems.push(`${shown(path)}: it cannot be read as a folder (${error.code})`);
    return undefined;
  });
  if (!entries) return [];
  // Files beside the three, a README say, are of no concern; a folder may be a misspelt one.
  const others = entries.filter(
    (entry) => !isPart(entry.name) && !entry.name.startsWith('.') && !entry.isFile(),
  );
  for (const { name } of others) problems.push(`${shown(name)}: only ${PARTS.join(', ')} belong here`);
  const found: Part[] = [];
  for (const entry of entries) {
    if (!isPart(entry.name)) continue;
    if (entry.isDirectory()) found.push(entry.name);
    else problems.push(`${entry.name}: it is no folder, or a link to one; links are not followed`);
  }
  if (found.length === 0 && problems.length === 0)
    problems.push(`${shown(path)}: it has none of the folders ${PARTS.join(', ')}`);
  return found.sort();
}

async function listFiles(
  path: string,
  part: Part,
  problems: string[],
): Promise<{ name: string; id: string }[]> {
  const entries = await readdir(join(path, part), { withFileTypes: true });
  if (entries.length > MOST_FILES) {
    problems.push(`${part}: more than ${MOST_FILES} files`);
    return [];
  }
  const suffix = SUFFIXES[part];
  return entries
    .filter(({ name }) => name !== '.gitkeep')
    .sort((left, right) => left.name.localeCompare(right.name))
    .flatMap((entry) => {
      const { name } = entry;
      const id = name.endsWith(suffix) ? name.slice(0, -suffix.length) : '';
      if (!principalIdSchema.safeParse(id).success) {
        problems.push(`${part}/${shown(name)}: a file here is named <id>${suffix}, of a-z, 0-9 and _`);
        return [];
      }
      if (!entry.isFile()) {
        problems.push(`${part}/${name}: it is no file; links are not followed`);
        return [];
      }
      return [{ name, id }];
    });
}

async function readText(path: string, file: string): Promise<string> {
  const { size } = await lstat(path);
  if (size > MOST_BYTES) throw new Wrong(`${file}: it is larger than ${MOST_BYTES} bytes`);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(await readFile(path));
  } catch (error) {
    if (error instanceof TypeError) throw new Wrong(`${file}: it is not UTF-8`);
    throw error;
  }
}

/** A file ends with a line end, as editors have it, which is no part of the policy. */
function policyIn(text: string, id: string, file: string): string {
  if (isOfDirectory(id)) throw new Wrong(`${file}: ${OF_DIRECTORY}`);
  const policy = text.replaceAll('\r\n', '\n').replace(/\n$/, '');
  if (policy.trim() === '') throw new Wrong(`${file}: it is empty`);
  if (policy.length > MOST_POLICY) throw new Wrong(`${file}: a policy has at most ${MOST_POLICY} characters`);
  return policy;
}

/** What a file does not say: which version it is, what its owner proves votes with, what the directory says. */
const NOT_IN_FILES = ['version', 'passkeys', 'directory'] as const;

function parse<Entry>(text: string, file: string, schema: z.ZodType<Entry>): Entry {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Wrong(`${file}: it is not JSON`);
  }
  const unfit = NOT_IN_FILES.filter((field) => typeof value === 'object' && value !== null && field in value);
  if (unfit.length > 0)
    throw new Wrong(`${file}: leave out ${unfit.join(', ')}, which is not written in files`);
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.map(({ path, message }) =>
    shown(path.length > 0 ? `${path.join('.')}: ${message}` : message),
  );
  throw new Wrong(`${file}: ${issues.join('; ')}`);
}

const OF_DIRECTORY = 'the directory makes this principal: change its template instead';

function principalIn(text: string, file: string): Principal {
  const principal = parse(text, file, principalSchema);
  if (isOfDirectory(principal.id)) throw new Wrong(`${file}: ${OF_DIRECTORY}`);
  return principal;
}

const templateIn = (text: string, file: string): Template => parse(text, file, templateSchema);
