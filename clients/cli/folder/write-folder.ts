import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isOfDirectory } from '../../../lambdas/shared/domain/people/directory-principal.ts';
import { templateSchema } from '../../../lambdas/shared/domain/people/template.ts';
import { type Principal, principalSchema } from '../../../lambdas/shared/domain/principal.ts';
import { principalText } from '../../../lambdas/shared/domain/text/readable-proposal.ts';
import { PosternError } from '../../sdk/postern-error.ts';
import { SUFFIXES } from './read-folder.ts';
import type { InForce } from './read-in-force.ts';

/** What the schema says where nothing is said is left out. */
function withoutDefaults(entry: object, defaults: object): object {
  const usual = new Map(Object.entries(defaults).map(([field, value]) => [field, JSON.stringify(value)]));
  return Object.fromEntries(
    Object.entries(entry).filter(([field, value]) => usual.get(field) !== JSON.stringify(value)),
  );
}

const PRINCIPAL_DEFAULTS = principalSchema.pick({ subjectIssuers: true, subjectRequired: true }).parse({});
const TEMPLATE_DEFAULTS = templateSchema
  .pick({ also: true, signIn: true, identityCenterRoles: true, slackByEmail: true })
  .parse({});

function principalFile({ version: _, passkeys: __, ...principal }: Principal): string {
  return principalText(withoutDefaults(principal, PRINCIPAL_DEFAULTS));
}

const withLineEnd = (text: string): string => (text.endsWith('\n') ? text : `${text}\n`);

/** Each file of a folder that says what is in force, and its text. */
export function filesOf({ principals, policies, templates }: InForce): Map<string, string> {
  const files = new Map<string, string>();
  for (const principal of principals.values()) {
    if (isOfDirectory(principal.id)) continue;
    files.set(`principals/${principal.id}${SUFFIXES.principals}`, principalFile(principal));
  }
  for (const { principalId, text } of policies.values())
    files.set(`policies/${principalId}${SUFFIXES.policies}`, withLineEnd(text));
  for (const { version: _, ...template } of templates.values())
    files.set(
      `templates/${template.id}${SUFFIXES.templates}`,
      principalText(withoutDefaults(template, TEMPLATE_DEFAULTS)),
    );
  return files;
}

/** Writes a folder anew. Throws PosternError where there is something in it: what is there is nobody's to overwrite. */
export async function writeFolder(path: string, files: ReadonlyMap<string, string>): Promise<void> {
  await mkdir(path, { recursive: true });
  const present = (await readdir(path)).filter((name) => name in SUFFIXES);
  if (present.length > 0) {
    const detail = `${present.join(', ')} is there already: name a folder without, or remove it first.`;
    throw new PosternError({ code: 'folder_not_empty', detail });
  }
  for (const part of Object.keys(SUFFIXES)) await mkdir(join(path, part));
  for (const [file, text] of files) await writeFile(join(path, file), text, { flag: 'wx' });
}
