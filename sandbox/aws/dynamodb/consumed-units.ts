/** What one call of one caller consumed of a table, its indexes left out: read or write units, as on demand. */
export type Consumed = {
  readonly callerArn: string;
  readonly operation: string;
  readonly table: string;
  readonly units: number;
};

const METERED = new Set(['GetItem', 'PutItem', 'UpdateItem', 'DeleteItem', 'Query', 'Scan']);

/** The input as it asks what the call consumes; untouched where the operation says nothing of that. */
export const askForUnits = (operation: string, input: Record<string, unknown>): Record<string, unknown> =>
  METERED.has(operation) ? { ReturnConsumedCapacity: 'TOTAL', ...input } : input;

/** The units in an answer; undefined where it tells none. */
export function unitsIn({ ConsumedCapacity }: Record<string, unknown>): number | undefined {
  const { CapacityUnits } = (ConsumedCapacity ?? {}) as { CapacityUnits?: number };
  return CapacityUnits;
}

/** The answer as the caller asked for it. */
export function withoutUnits(
  input: Record<string, unknown>,
  { ConsumedCapacity, ...answer }: Record<string, unknown>,
): Record<string, unknown> {
  const isWanted = ['TOTAL', 'INDEXES'].includes(String(input.ReturnConsumedCapacity));
  return isWanted && ConsumedCapacity !== undefined ? { ...answer, ConsumedCapacity } : answer;
}
