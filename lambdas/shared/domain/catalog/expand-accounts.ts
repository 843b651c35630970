import { accountsNamed, type EntryAccount, type MemberAccount, problemOfAccounts } from './accounts.ts';
import { type CatalogFile, type CatalogResource, MOST_ENTRIES, type WrittenCatalog } from './catalog.ts';
import { partsAsWritten } from './iam/check-arn.ts';

/** Stands in an entry for each of the accounts that it names. */
const PLACEHOLDER = '${account}';

/** What is wrong with a catalog's accounts; `key` is of the entry, and absent where it is of none. */
export type AccountProblem = { readonly key?: string; readonly problem: string };

type Expanded =
  | { readonly catalog: CatalogFile; readonly problem?: undefined }
  | { readonly catalog?: undefined; readonly problem: AccountProblem };

const entryAccount = ({ id, name, unit }: MemberAccount): EntryAccount => ({
  id,
  name,
  ...(unit !== undefined && { unit }),
});

/**
 * The catalog as it is used: an entry that names accounts becomes one for each of them, in the order in which these are
 * listed, with the key `<key>@<name of the account>`; each entry of a listed account says which that is. Pure: one text
 * has one outcome. An account that is not listed, a unit that holds none, or one named twice is answered as a problem.
 */
export function expandAccounts(written: WrittenCatalog): Expanded {
  const { accounts: listed = [], ...rest } = written;
  const problem = problemOfAccounts(listed);
  if (problem) return { problem: { problem } };
  const resources: CatalogResource[] = [];
  for (const entry of written.resources) {
    const entries = entry.accounts ? expandEntry(entry, entry.accounts, listed) : ownEntry(entry, listed);
    if (typeof entries === 'string') return { problem: { key: entry.key, problem: entries } };
    resources.push(...entries);
  }
  if (resources.length > MOST_ENTRIES)
    return {
      problem: {
        problem: `it has ${resources.length} entries, one for each account that they name, and may have ${MOST_ENTRIES}`,
      },
    };
  return { catalog: { ...rest, ...(written.accounts && { accounts: listed }), resources } };
}

type Entry = WrittenCatalog['resources'][number];

const textsOf = ({ arns, kmsKeyArn }: Entry): string[] => [...arns, ...(kmsKeyArn ? [kmsKeyArn] : [])];

/** An entry that names no accounts: of the broker's own, or of the one that its ARNs name by its digits. */
function ownEntry(entry: Entry, listed: readonly MemberAccount[]): CatalogResource[] | string {
  const { accounts: _, ...resource } = entry;
  if (textsOf(entry).some((text) => text.includes(PLACEHOLDER)))
    return `${PLACEHOLDER} stands for the accounts of "accounts", and the entry has none; add them`;
  const [id] = [
    entry.accountId ?? '',
    ...textsOf(entry).map((arn) => partsAsWritten(arn).account ?? ''),
  ].filter((account) => /^\d{12}$/.test(account));
  if (id === undefined) return [resource];
  const account = listed.find((member) => member.id === id);
  if (!account)
    return `it is in account ${id}, which "accounts" of catalog.json does not list; list it there, or write \${AWS::AccountId} for the broker's own`;
  return [{ ...resource, account: entryAccount(account) }];
}

function expandEntry(
  entry: Entry,
  names: readonly string[],
  listed: readonly MemberAccount[],
): CatalogResource[] | string {
  if (entry.accountId !== undefined) return '"accountId" says what "accounts" says; take it out';
  const reachedBy = new Map<string, string>();
  for (const name of names) {
    const named = accountsNamed(name, listed);
    if (named.length === 0)
      return /^\d/.test(name)
        ? `names account ${name}, which "accounts" of catalog.json does not list`
        : `names ${name}, and no account that catalog.json lists is in that unit`;
    for (const { id } of named) {
      const earlier = reachedBy.get(id);
      if (earlier !== undefined)
        return `names account ${id} twice, by "${earlier}" and by "${name}"; name it once`;
      reachedBy.set(id, name);
    }
  }
  const problem = problemOfTexts(entry, reachedBy.size);
  if (problem) return problem;
  const { accounts: _, ...resource } = entry;
  return listed
    .filter(({ id }) => reachedBy.has(id))
    .map((account) => {
      const fill = (text: string) => text.replaceAll(PLACEHOLDER, account.id);
      return {
        ...resource,
        key: `${resource.key}@${account.name}`,
        arns: resource.arns.map(fill),
        ...(resource.kmsKeyArn && { kmsKeyArn: fill(resource.kmsKeyArn) }),
        ...(resource.kind === 'service-wide' && { accountId: account.id }),
        account: entryAccount(account),
      };
    });
}

/** Each text names the account where an ARN has one, and somewhere where it has none, as a bucket's. */
function problemOfTexts(entry: Entry, accounts: number): string | undefined {
  for (const text of textsOf(entry)) {
    const { account } = partsAsWritten(text);
    if (account !== '' && account !== PLACEHOLDER)
      return `${text} names an account beside "accounts"; write ${PLACEHOLDER} in its place`;
    if (accounts > 1 && !text.includes(PLACEHOLDER))
      return `${text} is the same in each of its ${accounts} accounts; write ${PLACEHOLDER} where they differ`;
  }
  return undefined;
}
