import type { DirectoryGroup, DirectoryUser } from '../shared/domain/people/directory.ts';
import { GROUP_SCHEMA, LIST_SCHEMA, MOST_LISTED, USER_SCHEMA } from './scim-schemas.ts';

type View = Record<string, unknown>;

const metaOf = (
  { id, createdAt, changedAt }: Pick<DirectoryUser, 'id' | 'createdAt' | 'changedAt'>,
  [resourceType, place]: readonly [string, string],
  base: string,
) => ({ resourceType, created: createdAt, lastModified: changedAt, location: `${base}/${place}/${id}` });

/** A user as SCIM shows them. */
export function userView(user: DirectoryUser, base: string): View {
  const { kind: _, version: __, createdAt: ___, changedAt: ____, ...attributes } = user;
  return { schemas: [USER_SCHEMA], ...attributes, meta: metaOf(user, ['User', 'Users'], base) };
}

/** A group as SCIM shows it. */
export function groupView(group: DirectoryGroup, base: string): View {
  const { id, externalId, displayName, members } = group;
  return {
    schemas: [GROUP_SCHEMA],
    id,
    ...(externalId !== undefined && { externalId }),
    displayName,
    ...(members.length > 0 && { members: members.map((value) => ({ value })) }),
    meta: metaOf(group, ['Group', 'Groups'], base),
  };
}

const ALWAYS = new Set(['schemas', 'id', 'meta']);
const namesIn = (text: string) =>
  new Set(text.split(',').map((name) => name.trim().toLowerCase().replace(/^.*:/, '').replace(/\..*$/, '')));

/** Leaves out what a caller does not want. @see https://www.rfc-editor.org/rfc/rfc7644#section-3.9 */
export function onlyWanted(
  view: View,
  { attributes, excludedAttributes }: Readonly<Record<string, string | undefined>>,
): View {
  const wanted = attributes ? namesIn(attributes) : undefined;
  const unwanted = excludedAttributes ? namesIn(excludedAttributes) : new Set<string>();
  return Object.fromEntries(
    Object.entries(view).filter(
      ([name]) =>
        ALWAYS.has(name) ||
        ((!wanted || wanted.has(name.toLowerCase())) && !unwanted.has(name.toLowerCase())),
    ),
  );
}

const whole = (text: string | undefined, fallback: number): number => {
  const value = Number(text);
  return text !== undefined && Number.isInteger(value) ? value : fallback;
};

/** A page of a list. The first has the index 1. @see https://www.rfc-editor.org/rfc/rfc7644#section-3.4.2.4 */
export function pageOf<Row>(
  rows: readonly Row[],
  query: Readonly<Record<string, string | undefined>>,
  view: (row: Row) => View,
) {
  const startIndex = Math.max(1, whole(query.startIndex, 1));
  const count = Math.min(MOST_LISTED, Math.max(0, whole(query.count, 100)));
  const page = rows.slice(startIndex - 1, startIndex - 1 + count);
  return {
    schemas: [LIST_SCHEMA],
    totalResults: rows.length,
    startIndex,
    itemsPerPage: page.length,
    Resources: page.map((row) => onlyWanted(view(row), query)),
  };
}
