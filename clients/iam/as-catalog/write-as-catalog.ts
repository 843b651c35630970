import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CatalogResource } from '../../../lambdas/shared/domain/catalog/catalog.ts';
import { visibleText } from '../../../lambdas/shared/domain/text/show-hostile-text.ts';
import type { Account, AccountRole, AccountUser } from '../../../policy/account/account.ts';
import type { IamData } from '../../../policy/data/iam-data.ts';
import { PosternError } from '../../sdk/postern-error.ts';
import { entriesOf, type LeftOut } from './entries-of-role.ts';
import { guardrailSkeleton } from './guardrail-skeleton.ts';

export type WrittenCatalog = {
  readonly files: readonly string[];
  readonly entries: number;
  readonly leftOut: readonly LeftOut[];
};

const refused = (detail: string): PosternError => new PosternError({ code: 'invalid_policy', detail });

/** What a role or user really did, as entries that a group of its name may ask for. */
export type SuggestedFor = {
  readonly principal: AccountRole | AccountUser;
  /** Its name as a group's stands in guardrails, and in a file's. */
  readonly group: string;
  readonly entries: readonly CatalogResource[];
  readonly leftOut: readonly LeftOut[];
};

/** Throws `invalid_policy` where nobody has that name. */
export function principalOf(account: Account, name: string): AccountRole | AccountUser {
  const principal = [...account.roles, ...account.users].find((entry) => entry.name === name);
  if (!principal) throw refused(`The account has no role and no user ${visibleText(name)}.`);
  return principal;
}

/** Throws `invalid_policy` where nobody has that name, no call of it was seen, or nothing of it can be an entry. */
export function suggestFor(account: Account, name: string, data: IamData): SuggestedFor {
  const principal = principalOf(account, name);
  const calls = account.seen?.calls.filter((call) => call.principal === principal.arn) ?? [];
  if (calls.length === 0)
    throw refused(
      `No call of ${visibleText(name)} was seen: collect the account with --cloudtrail, and data events in the trail.`,
    );
  const { entries, leftOut } = entriesOf(visibleText(name).slice(0, 64), calls, data);
  if (entries.length === 0)
    throw refused(
      `Nothing that ${visibleText(name)} used can be an entry: ${leftOut[0]?.action}: ${leftOut[0]?.why}.`,
    );
  const group =
    name
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^[^a-z]+|-+$/g, '')
      .slice(0, 64) || 'role';
  return { principal, group, entries, leftOut };
}

/** Writes entries and guardrails into a folder, to be looked at and put beside one's own. */
export async function writeSuggested(
  { group, entries, leftOut }: SuggestedFor,
  folder: string,
): Promise<WrittenCatalog> {
  const files = [join(folder, `${group}.catalog.json`), join(folder, `${group}.guardrails.cedar`)] as const;
  await mkdir(folder, { recursive: true });
  await writeFile(
    files[0],
    `${JSON.stringify({ version: 1, resources: entries.map(asWritten) }, null, 2)}\n`,
  );
  await writeFile(files[1], guardrailSkeleton(group, entries));
  return { files, entries: entries.length, leftOut };
}

/** Without what is said by default. */
const asWritten = ({ subjectScoped: _, ownerRequired: __, arns, ...entry }: CatalogResource) => ({
  ...entry,
  ...(arns.length > 0 && { arns }),
});

/** What was written, and what somebody has to look at. */
export const describeCatalog = ({ files, entries, leftOut }: WrittenCatalog): string =>
  [
    `${entries} entries are in ${files.map((file) => visibleText(file)).join(', and guardrails in ')}`,
    'put them into config/catalog.json and config/guardrails.cedar, then: npm run guardrails -- check',
    ...leftOut.map(
      ({ action, resource, why }) =>
        `  left out: ${visibleText(`${action}${resource ? ` on ${resource}` : ''}: ${why}`)}`,
    ),
  ].join('\n');
