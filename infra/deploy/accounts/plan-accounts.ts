import type { CatalogFile } from '../../../lambdas/shared/domain/catalog/catalog.ts';
import type { RecordedAccount } from '../../recorded-accounts.ts';

/** What a deployment does in another account. */
export type AccountPlan = RecordedAccount & {
  /** As people are told of it: its name and its id, where it has a name. */
  readonly called: string;
  readonly does: 'deploy' | 'remove';
};

/**
 * What is to be done in which account: roles wherever the catalog has entries, none where it has none any more. `recorded`
 * are those in which the deployment of before had roles; `forgotten` are not thought of again.
 */
export function planAccounts(
  { accounts = [], resources }: CatalogFile,
  recorded: readonly RecordedAccount[],
  forgotten: readonly string[],
): AccountPlan[] {
  const listed = accounts.map(({ id, name, deployRole }): AccountPlan => {
    const isUsed = resources.some(({ account }) => account?.id === id);
    return { id, deployRole, called: `${name} (${id})`, does: isUsed ? 'deploy' : 'remove' };
  });
  const wasThere = ({ id }: RecordedAccount) => recorded.some((account) => account.id === id);
  const gone = recorded
    .filter(({ id }) => !listed.some((account) => account.id === id))
    .map((account): AccountPlan => ({ ...account, called: account.id, does: 'remove' }));
  return [...listed.filter((account) => account.does === 'deploy' || wasThere(account)), ...gone].filter(
    ({ id, does }) => does === 'deploy' || !forgotten.includes(id),
  );
}
