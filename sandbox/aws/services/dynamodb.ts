import type { TableSpec } from '../../template/types.ts';
import { askForUnits, type Consumed, unitsIn, withoutUnits } from '../dynamodb/consumed-units.ts';
import { leadingKeysOf } from '../dynamodb/leading-keys.ts';
import type { Database } from '../dynamodb/start-database.ts';
import { makeTableGate } from '../dynamodb/table-gate.ts';
import { keysOfTables, partitionKeysOf } from '../dynamodb/table-keys.ts';
import { touchedTables } from '../dynamodb/touched-tables.ts';
import { databaseError, transactWrites, writesIn } from '../dynamodb/transact-writes.ts';
import { askForImage, type WrittenImage, withoutImage, writtenImage } from '../dynamodb/written-image.ts';
import type { AwsService } from '../types.ts';

/** The tables whose stream somebody reads, and who hears of what is written to them. */
export type Streamed = {
  readonly tables: ReadonlySet<string>;
  readonly written: (image: WrittenImage) => void;
};

const NOT_STREAMED: Streamed = { tables: new Set(), written: () => {} };

/** What IAM is told of a call: its partition keys, and of an item that is put, the attributes it has. */
function contextOf(keys: string[], action: string, { Item }: Record<string, unknown>) {
  const attributes =
    action === 'PutItem' && typeof Item === 'object' && Item !== null ? Object.keys(Item) : [];
  const context = {
    ...(keys.length > 0 && { 'dynamodb:LeadingKeys': keys }),
    ...(attributes.length > 0 && { 'dynamodb:Attributes': attributes }),
  };
  return Object.keys(context).length > 0 ? { context } : {};
}

/** The tables that a call names; a batch names several. */
const tablesOf = ({ TableName, RequestItems }: Record<string, unknown>): string[] =>
  TableName === undefined ? Object.keys(RequestItems ?? {}) : [String(TableName)];

/** DynamoDB behind IAM: what each call touches is asked for, and only then is it passed on. */
export function createDynamodb(
  tables: readonly TableSpec[],
  database: Database,
  arnPrefix: string,
  streamed: Streamed = NOT_STREAMED,
  consume: (consumed: Consumed) => void = () => {},
): AwsService {
  const partitionKeys = partitionKeysOf(tables);
  const keys = keysOfTables(tables);
  const keysOf = (table: string) => keys.get(table) ?? [];
  const gate = makeTableGate();
  return {
    name: 'dynamodb',
    authorizations({ operation, input }) {
      // The one call that IAM knows no table of.
      if (operation === 'ListTables') return [{ action: 'dynamodb:ListTables', resource: '*' }];
      return touchedTables(operation, input).map((touch) => {
        const path = touch.index === undefined ? touch.table : `${touch.table}/index/${touch.index}`;
        const attribute = partitionKeys.get(path);
        const keys = attribute === undefined ? [] : leadingKeysOf(touch.action, touch.input, attribute);
        return {
          action: `dynamodb:${touch.action}`,
          resource: `${arnPrefix}${path}`,
          ...contextOf(keys, touch.action, touch.input),
        };
      });
    },
    async handle({ operation, input, caller }) {
      if (operation === 'TransactWriteItems') {
        const writes = writesIn(input, keysOf);
        const named = writes.map((write) => String(write.input.TableName));
        const { images, units } = await gate.alone(named, () => transactWrites(writes, database, keysOf));
        for (const [table, consumed] of units)
          consume({ callerArn: caller.arn, operation, table, units: consumed });
        for (const image of images) if (streamed.tables.has(image.table)) streamed.written(image);
        return {};
      }
      const passed = streamed.tables.has(String(input.TableName)) ? askForImage(operation, input) : input;
      const { status, body } = await gate.pass(tablesOf(input), () =>
        database.send(operation, JSON.stringify(askForUnits(operation, passed))),
      );
      // dynalite takes itself to be in an account and a region of its own.
      const mended =
        operation === 'DescribeTable'
          ? body.replaceAll(/arn:aws:dynamodb:[a-z0-9-]+:\d+:table\//g, arnPrefix)
          : body;
      const answer = JSON.parse(mended || '{}') as Record<string, unknown>;
      if (status !== 200) throw databaseError(answer, status);
      const units = unitsIn(answer);
      if (units !== undefined)
        consume({ callerArn: caller.arn, operation, table: String(input.TableName), units });
      const written = writtenImage(operation, passed, answer);
      if (written && streamed.tables.has(written.table)) streamed.written(written);
      return withoutImage(input, passed, withoutUnits(input, answer));
    },
  };
}
