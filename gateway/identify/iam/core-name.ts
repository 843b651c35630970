/** A name without what names of one thing differ in: `DBInstanceIdentifier` and `db-instance` are about the same. */
export const coreName = (name: string): string =>
  name
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '')
    .replace(/(?:identifier|names?|ids?|arns?|url)$/, '');

const suffixOf = (name: string): 'id' | 'name' | undefined => {
  const [, suffix] = /(id|name)s?$/i.exec(name) ?? [];
  return suffix?.toLowerCase() as 'id' | 'name' | undefined;
};

/** Whether two names are of the same thing: an id and a name of it are not, where ARNs have the one. */
export function isSameName(left: string, right: string): boolean {
  const [first, second] = [suffixOf(left), suffixOf(right)];
  const isLike = first === undefined || second === undefined || first === second;
  return isLike && coreName(left) === coreName(right) && coreName(left) !== '';
}
