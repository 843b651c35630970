import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type AccessLevel,
  accessLevelSchema,
  type CatalogResource,
} from '../../lambdas/shared/domain/catalog/catalog.ts';
import { principalIdSchema, principalSchema } from '../../lambdas/shared/domain/principal.ts';
import { principalText } from '../../lambdas/shared/domain/text/readable-proposal.ts';
import { visibleText } from '../../lambdas/shared/domain/text/show-hostile-text.ts';
import { hasLevel } from '../iam/as-catalog/entries-of-role.ts';
import {
  type SuggestedFor,
  type WrittenCatalog,
  writeSuggested,
} from '../iam/as-catalog/write-as-catalog.ts';
import { PosternError } from '../sdk/postern-error.ts';
import type { Adopted } from './uses-of.ts';

/** Who somebody with keys is to be. */
export type AdoptedAs = {
  readonly id: string;
  readonly type: 'agent' | 'human';
  /** The natural persons behind it, as in a principal's `persons`. */
  readonly owners: readonly string[];
};

const refused = (detail: string): PosternError => new PosternError({ code: 'invalid_policy', detail });

/** Roles whose callers the broker knows in another way, or that nobody can call with. */
const NOT_BY_ARN: readonly (readonly [RegExp, string])[] = [
  [
    /:role\/aws-reserved\/sso\.amazonaws\.com\//,
    'people of IAM Identity Center come by a template of the directory, or as `arn:aws:sts::…:assumed-role/…`',
  ],
  [/:role\/aws-service-role\//, 'it is a role of a service of AWS’s, which asks nobody'],
];

/** A principal's id of a name: `Nightly-Exporter` is `nightly_exporter`. */
export const idFor = (name: string): string =>
  name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^[^a-z]+|_+$/g, '')
    .slice(0, 50);

/** The principal that calls the broker with the keys that are there, in a group that guardrails let ask. */
function principalFor({ arn }: Adopted, group: string, { id, type, owners }: AdoptedAs): string {
  const known = principalIdSchema.safeParse(id);
  if (!known.success)
    throw refused(`${visibleText(id)} is no id of a principal (a-z, 0-9 and _): say --as <id>.`);
  const parsed = principalSchema.safeParse({
    ...{ id: known.data, type, status: 'active', groups: [group], awsPrincipals: [arn], persons: owners },
  });
  if (!parsed.success)
    throw refused(parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; '));
  const { version: _, subjectIssuers: __, subjectRequired: ___, ...principal } = parsed.data;
  return principalText(principal);
}

const DOES: Readonly<Record<AccessLevel, string>> = {
  read: 'It reads',
  write: 'It writes',
  admin: 'It administers',
};

/** Business rules to begin with: what was done, in words, for somebody to say what for. */
function policyText(name: string, entries: readonly CatalogResource[]): string {
  const lines = accessLevelSchema.options.flatMap((level) => {
    const keys = entries.filter((entry) => hasLevel(entry, level)).map(({ key }) => key);
    return keys.length > 0 ? [`${DOES[level]} ${keys.join(', ')}.`] : [];
  });
  return [
    `Adopted from ${visibleText(name).slice(0, 64)}, by what its keys were used for. Say here what it is for, and when.`,
    ...lines,
    'Anything else is not its job.',
    '',
  ].join('\n');
}

export type WrittenAdoption = WrittenCatalog & { readonly id: string; readonly group: string };

/**
 * Writes what keys were used for as a catalog's entries and guardrails, and as a folder of `postern apply`: the principal
 * that goes on with them, and its policy. Nothing that is there is written over. Throws `invalid_policy` for who cannot
 * be a principal, `folder_not_empty` for a folder that has one of that name.
 */
export async function writeAdopted(
  suggested: SuggestedFor,
  as: AdoptedAs,
  folder: string,
): Promise<WrittenAdoption> {
  const { principal, group, entries } = suggested;
  const [, why] = NOT_BY_ARN.find(([form]) => form.test(principal.arn)) ?? [];
  if (why) throw refused(`${visibleText(principal.name)} cannot be adopted: ${why}.`);
  const texts = [
    ['principals', `${as.id}.json`, principalFor(principal, group, as)],
    ['policies', `${as.id}.txt`, policyText(principal.name, entries)],
  ] as const;
  const files: string[] = [];
  for (const [part, name, text] of texts) {
    await mkdir(join(folder, part), { recursive: true });
    const file = join(folder, part, name);
    await writeFile(file, text, { flag: 'wx' }).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
      throw new PosternError({
        code: 'folder_not_empty',
        detail: `${visibleText(file)} is there already: name another folder by --into, or remove it first.`,
      });
    });
    files.push(file);
  }
  const written = await writeSuggested(suggested, folder);
  return { ...written, files: [...written.files, ...files], id: as.id, group };
}
