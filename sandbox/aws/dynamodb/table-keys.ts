import type { TableSpec } from '../../template/types.ts';

type KeySchema = { AttributeName: string; KeyType: 'HASH' | 'RANGE' }[];

/** The partition key's attribute, by table and index; an index is named `table/index`. */
export function partitionKeysOf(tables: readonly TableSpec[]): ReadonlyMap<string, string> {
  const partition = (schema: unknown) =>
    (schema as KeySchema).find(({ KeyType }) => KeyType === 'HASH')?.AttributeName ?? '';
  return new Map(
    tables.flatMap(({ name, properties }) => {
      const indexes = (properties.GlobalSecondaryIndexes ?? []) as unknown as {
        IndexName: string;
        KeySchema: unknown;
      }[];
      return [
        [name, partition(properties.KeySchema)],
        ...indexes.map((index) => [`${name}/${index.IndexName}`, partition(index.KeySchema)] as const),
      ] as [string, string][];
    }),
  );
}
