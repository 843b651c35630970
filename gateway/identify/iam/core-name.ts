import { remember } from '../../../lambdas/shared/domain/remember.ts';

/** Names of the models and of IAM's data: as many as a few services have. */
const MOST_NAMES = 20_000;

/** A name without what names of one thing differ in: `DBInstanceIdentifier` and `db-instance` are about the same. */
export const coreName: (name: string) => string = remember(
  MOST_NAMES,
  (name: string) => name,
  (name: string) =>
    name
      .toLowerCase()
      .replace(/[^a-z0-9]/g, '')
      .replace(/(?:identifier|names?|ids?|arns?|url)$/, ''),
);

const suffixOf: (name: string) => string | undefined = remember(
  MOST_NAMES,
  (name: string) => name,
  (name: string) => /(id|name)s?$/i.exec(name)?.[1]?.toLowerCase(),
);

/** Whether two names are of the same thing: an id and a name of it are not, where ARNs have the one. */
export function isSameName(left: string, right: string): boolean {
  const core = coreName(left);
  if (core === '' || core !== coreName(right)) return false;
  const [first, second] = [suffixOf(left), suffixOf(right)];
  return first === undefined || second === undefined || first === second;
}
