import { groupBy } from '../../../../policy/group-by.ts';
import { type CatalogParts, type CatalogResource, grantableActions } from '../catalog/catalog.ts';
import { type Placeholders, resolveArns } from '../catalog/resolve-arns.ts';
import { widestStatementsOf } from '../session-policy/build-session-policy.ts';

/** A part of the catalog that is not divided is the first. */
export const partOf = ({ key }: CatalogResource, parts: CatalogParts | undefined): number =>
  parts?.get(key) ?? 1;

/**
 * Characters of a managed policy, white space not counted. A role has one boundary, which names all that it reaches.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */
export const MOST_POLICY_CHARACTERS_OF_ROLE = 6144;
/** Of a policy besides the names in it, and then some. */
export const FRAME_CHARACTERS = 200;

/** Where ARNs are longest: how a catalog is divided must be the same wherever it is deployed. */
export const WIDEST: Placeholders = {
  partition: 'aws-us-gov',
  region: 'ap-southeast-1',
  accountId: '000000000000',
};

/** What the boundary of a role names for an entry. A service-wide action stands in it twice: as allowed, and as spared. */
function namesOf(resource: CatalogResource): string[] {
  const actions = grantableActions(resource);
  if (resource.kind === 'service-wide') return [...actions, ...actions.map((action) => `not ${action}`)];
  const statements = widestStatementsOf(resolveArns(resource, WIDEST), actions);
  return statements.flatMap((statement) => [...statement.actions, ...statement.resources]);
}

/** Entries in the order in which they fill parts: those that are to be together follow the first of them. */
function inOrder(resources: readonly CatalogResource[]): CatalogResource[][] {
  const groups = groupBy(resources, ({ key, together }) =>
    together ? `together ${together}` : `alone ${key}`,
  );
  return [...groups.values()];
}

const sizeOf = (names: Iterable<string>): number =>
  [...names].reduce((size, name) => size + JSON.stringify(name).length + 1, 0);

/** Fills one part after the other. A group that does not fit into what is left of a part begins the next. */
function fill(groups: readonly CatalogResource[][], parts: Map<string, number>): void {
  let part = 1;
  let held = new Set<string>();
  const room = MOST_POLICY_CHARACTERS_OF_ROLE - FRAME_CHARACTERS;
  for (const group of groups) {
    if (held.size > 0 && sizeOf(new Set([...held, ...group.flatMap(namesOf)])) > room) {
      part += 1;
      held = new Set();
    }
    for (const resource of group) {
      const names = namesOf(resource);
      if (held.size > 0 && sizeOf(new Set([...held, ...names])) > room) {
        part += 1;
        held = new Set();
      }
      for (const name of names) held.add(name);
      parts.set(resource.key, part);
    }
  }
}

/**
 * Divides a catalog, its placeholders not filled in, into parts that one role can reach: as many neighbours as one
 * boundary can name. An entry that is added at the end moves no other, nor does an account. Service-wide entries have parts
 * of their own.
 */
export function divideCatalog(catalog: readonly CatalogResource[]): CatalogParts {
  const parts = new Map<string, number>();
  for (const here of groupBy(catalog, ({ account }) => account?.id).values())
    for (const isWide of [false, true])
      fill(inOrder(here.filter(({ kind }) => (kind === 'service-wide') === isWide)), parts);
  return parts;
}
