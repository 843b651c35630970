import { AwsError } from '../../../gateway/wire/aws-error.ts';
import { askForUnits, unitsIn } from './consumed-units.ts';
import type { Database } from './start-database.ts';
import { type WrittenImage, writtenImage } from './written-image.ts';

type Values = Record<string, unknown>;
type Write = { readonly kind: string; readonly input: Values };
type Done = { readonly undo: () => Promise<void>; readonly units: number; readonly image?: WrittenImage };

/** What a transaction did: the images of what it wrote, and the units that it took of each table. */
type Committed = { readonly images: WrittenImage[]; readonly units: ReadonlyMap<string, number> };

/** What a part of a transaction is as a call of its own. */
const CALLS: Readonly<Record<string, string>> = {
  Put: 'PutItem',
  Update: 'UpdateItem',
  Delete: 'DeleteItem',
};
/** Each part is prepared and committed, and is paid for twice. */
const TWICE = 2;

const invalid = (why: string) => new AwsError('ValidationException', why, 400);
const tableOf = ({ input }: Write): string => String(input.TableName);

/** The parts of a TransactWriteItems. Throws ValidationException where one is none, or two are of one item. */
export function writesIn({ TransactItems }: Values, keysOf: (table: string) => readonly string[]): Write[] {
  const items = Array.isArray(TransactItems) ? (TransactItems as Record<string, Values>[]) : [];
  if (items.length === 0 || items.length > 100) throw invalid('A transaction has between 1 and 100 items.');
  const writes = items.map((item): Write => {
    const [[kind, input] = [], ...more] = Object.entries(item ?? {});
    if (!kind || !input || more.length > 0) throw invalid('An item of a transaction is one write or check.');
    return { kind, input };
  });
  const keys = writes.map((write) => JSON.stringify([tableOf(write), keyOf(write, keysOf)]));
  if (new Set(keys).size < keys.length)
    throw invalid('Transaction request cannot include multiple operations on one item');
  return writes;
}

const keyOf = ({ input }: Write, keysOf: (table: string) => readonly string[]): Values => {
  const whole = (input.Key ?? input.Item ?? {}) as Values;
  return Object.fromEntries(keysOf(String(input.TableName)).map((name) => [name, whole[name]]));
};

/**
 * All of the writes, or none: one after the other, and back again from the first whose condition does not hold. The
 * caller sees to it that nobody else reads or writes these tables meanwhile. Throws TransactionCanceledException.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html
 */
export async function transactWrites(
  writes: readonly Write[],
  database: Pick<Database, 'send'>,
  keysOf: (table: string) => readonly string[],
): Promise<Committed> {
  const done: Done[] = [];
  const units = new Map<string, number>();
  for (const write of writes) {
    try {
      const part = await make(write, database, keysOf);
      done.push(part);
      units.set(tableOf(write), (units.get(tableOf(write)) ?? 0) + part.units * TWICE);
    } catch (error) {
      for (const { undo } of done.toReversed()) await undo();
      if (!(error instanceof AwsError) || error.code !== 'ConditionalCheckFailedException') throw error;
      throw cancelled(writes.length, done.length);
    }
  }
  return { images: done.flatMap(({ image }) => image ?? []), units };
}

function cancelled(count: number, failed: number): AwsError {
  const CancellationReasons = Array.from({ length: count }, (_, nth) =>
    nth === failed
      ? { Code: 'ConditionalCheckFailed', Message: 'The conditional request failed' }
      : { Code: 'None' },
  );
  const codes = CancellationReasons.map(({ Code }) => Code).join(', ');
  return new AwsError(
    'TransactionCanceledException',
    `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`,
    400,
    { CancellationReasons },
  );
}

async function make(
  write: Write,
  database: Pick<Database, 'send'>,
  keysOf: (table: string) => readonly string[],
): Promise<Done> {
  const { kind, input } = write;
  if (kind === 'ConditionCheck') return check(write, database, keysOf);
  const call = CALLS[kind];
  if (!call) throw invalid(`A transaction has no ${kind}.`);
  const { ReturnValuesOnConditionCheckFailure: _, ...plain } = input;
  const before = await send(database, 'GetItem', {
    TableName: input.TableName,
    Key: keyOf(write, keysOf),
    ConsistentRead: true,
  });
  const passed = { ...plain, ReturnValues: kind === 'Update' ? 'ALL_NEW' : 'ALL_OLD' };
  const answer = await send(database, call, askForUnits(call, passed));
  const image = writtenImage(call, passed, answer);
  return {
    units: unitsIn(answer) ?? 0,
    ...(image && { image }),
    async undo() {
      if (before.Item) await send(database, 'PutItem', { TableName: input.TableName, Item: before.Item });
      else await send(database, 'DeleteItem', { TableName: input.TableName, Key: keyOf(write, keysOf) });
    },
  };
}

/**
 * A condition on an item that is there, asked as a filter of a query for just this item. Of one that is not there the
 * database cannot be asked, and the check fails.
 */
async function check(
  write: Write,
  database: Pick<Database, 'send'>,
  keysOf: (table: string) => readonly string[],
): Promise<Done> {
  const { input } = write;
  const key = Object.entries(keyOf(write, keysOf));
  const answer = await send(
    database,
    'Query',
    askForUnits('Query', {
      TableName: input.TableName,
      ConsistentRead: true,
      KeyConditionExpression: key.map((_, nth) => `#key${nth} = :key${nth}`).join(' AND '),
      FilterExpression: input.ConditionExpression,
      ExpressionAttributeNames: {
        ...((input.ExpressionAttributeNames ?? {}) as Values),
        ...Object.fromEntries(key.map(([name], nth) => [`#key${nth}`, name])),
      },
      ExpressionAttributeValues: {
        ...((input.ExpressionAttributeValues ?? {}) as Values),
        ...Object.fromEntries(key.map(([, value], nth) => [`:key${nth}`, value])),
      },
    }),
  );
  if (answer.Count === 1) return { units: unitsIn(answer) ?? 0, undo: async () => {} };
  throw new AwsError('ConditionalCheckFailedException', 'The conditional request failed', 400);
}

async function send(
  database: Pick<Database, 'send'>,
  operation: string,
  input: Values,
): Promise<Values & { Item?: unknown; Count?: number }> {
  const { status, body } = await database.send(operation, JSON.stringify(input));
  const answer = JSON.parse(body || '{}') as Values;
  if (status === 200) return answer;
  throw databaseError(answer, status);
}

/** An error of DynamoDB itself, with its code, message and status. */
export function databaseError(body: Values, status: number): AwsError {
  const code = String(body.__type ?? 'InternalServerError').replace(/^.*#/, '');
  return new AwsError(code, String(body.message ?? body.Message ?? code), status);
}
