import type { CatalogFile } from '../lambdas/shared/domain/catalog/catalog.ts';

/** Another account in which a deployment has, or may have, roles. */
export type RecordedAccount = {
  readonly id: string;
  /** The role by which `deploy` goes there; absent where somebody deploys by hand. */
  readonly deployRole?: string | undefined;
};

const textOf = ({ id, deployRole }: RecordedAccount): string =>
  deployRole === undefined ? id : `${id}=${deployRole}`;

/**
 * The accounts of a catalog that have entries, and those left of earlier, as the stack says them: `<id>=<role>`, one
 * behind the other. Empty where there are none. What takes them away again is known by it alone once the catalog has changed.
 */
export function recordOf(
  { accounts = [], resources }: CatalogFile,
  left: readonly RecordedAccount[],
): string {
  const used = accounts.filter(({ id }) => resources.some(({ account }) => account?.id === id));
  const others = left.filter(({ id }) => !used.some((account) => account.id === id));
  return [...used, ...others].map(textOf).join(' ');
}

/** The same, read. A part that is none is left out: nothing is done in an account that is not named. */
export const readRecord = (text: string): RecordedAccount[] =>
  text.split(' ').flatMap((part) => {
    const [, id, deployRole] = /^(\d{12})(?:=(\S+))?$/.exec(part) ?? [];
    return id === undefined ? [] : [{ id, ...(deployRole !== undefined && { deployRole }) }];
  });
