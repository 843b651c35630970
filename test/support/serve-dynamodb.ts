import { AwsError } from '../../gateway/wire/aws-error.ts';
import { startDatabase } from '../../sandbox/aws/dynamodb/start-database.ts';
import { makeTableGate } from '../../sandbox/aws/dynamodb/table-gate.ts';
import { transactWrites, writesIn } from '../../sandbox/aws/dynamodb/transact-writes.ts';
import { writeAnswer, writeError } from '../../sandbox/aws/write-answer.ts';
import { listenLocally } from '../../sandbox/listen-locally.ts';

type KeySchema = { readonly AttributeName: string }[];

/** The sandbox's DynamoDB with its transactions, without signatures, IAM or a template: a test makes the tables. */
export async function serveDynamodb(): Promise<{ endpoint: string; close(): Promise<void> }> {
  const database = await startDatabase();
  const gate = makeTableGate();
  const keys = new Map<string, string[]>();
  const keysOf = (table: string) => keys.get(table) ?? [];

  async function transact(input: Record<string, unknown>): Promise<Response> {
    try {
      const writes = writesIn(input, keysOf);
      const named = writes.map((write) => String(write.input.TableName));
      await gate.alone(named, () => transactWrites(writes, database, keysOf));
      return writeAnswer('json', 'TransactWriteItems', {});
    } catch (error) {
      if (error instanceof AwsError) return writeError('json', error);
      throw error;
    }
  }

  const server = await listenLocally(0, async (request) => {
    const operation = request.headers.get('x-amz-target')?.split('.')[1] ?? '';
    const text = await request.text();
    const input = JSON.parse(text);
    if (operation === 'TransactWriteItems') return transact(input);
    if (operation === 'CreateTable')
      keys.set(
        input.TableName,
        (input.KeySchema as KeySchema).map(({ AttributeName }) => AttributeName),
      );
    const { status, body } = await gate.pass([String(input.TableName)], () => database.send(operation, text));
    return new Response(body, { status, headers: { 'content-type': 'application/x-amz-json-1.0' } });
  });
  return {
    endpoint: server.url,
    async close() {
      await server.close();
      await database.close();
    },
  };
}
