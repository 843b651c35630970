import type { TableSpec } from '../../template/types.ts';

type KeySchema = { AttributeName: string; KeyType: 'HASH' | 'RANGE' }[];
type Index = { IndexName: string; KeySchema: unknown };

const partitionOf = (schema: unknown): string =>
  (schema as KeySchema).find(({ KeyType }) => KeyType === 'HASH')?.AttributeName ?? '';

/** The partition key's attribute, by table (`name`) and by index (`name/index/name`). */
export function partitionKeysOf(tables: readonly TableSpec[]): ReadonlyMap<string, string> {
  return new Map(
    tables.flatMap(({ name, properties }): [string, string][] => {
      const indexes = [properties.GlobalSecondaryIndexes, properties.LocalSecondaryIndexes]
        .flat()
        .filter((index) => index !== undefined) as unknown as Index[];
      return [
        [name, partitionOf(properties.KeySchema)],
        ...indexes.map((index): [string, string] => [
          `${name}/index/${index.IndexName}`,
          partitionOf(index.KeySchema),
        ]),
      ];
    }),
  );
}

/** The attributes of each table's key, the partition's first. */
export const keysOfTables = (tables: readonly TableSpec[]): ReadonlyMap<string, readonly string[]> =>
  new Map(
    tables.map(({ name, properties }): [string, string[]] => {
      const schema = properties.KeySchema as unknown as KeySchema;
      return [
        name,
        [...schema]
          .sort((element) => (element.KeyType === 'HASH' ? -1 : 1))
          .map(({ AttributeName }) => AttributeName),
      ];
    }),
  );
