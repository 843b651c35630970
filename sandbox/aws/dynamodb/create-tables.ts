import type { TableSpec } from '../../template/types.ts';
import type { Database } from './start-database.ts';

/** Properties of the template's table that CreateTable takes and dynalite knows. */
const TAKEN = [
  'AttributeDefinitions',
  'KeySchema',
  'BillingMode',
  'GlobalSecondaryIndexes',
  'LocalSecondaryIndexes',
];

/** Creates the template's tables; one that an earlier run left stays as it is. */
export async function createTables(tables: readonly TableSpec[], { send }: Database): Promise<void> {
  for (const { name, properties } of tables) {
    const taken = TAKEN.flatMap((property) =>
      properties[property] === undefined ? [] : [[property, properties[property]]],
    );
    const { status, body } = await send(
      'CreateTable',
      JSON.stringify({ TableName: name, ...Object.fromEntries(taken) }),
    );
    if (status !== 200 && !body.includes('ResourceInUseException')) {
      throw new Error(`table ${name} could not be created: ${body}`);
    }
  }
}
