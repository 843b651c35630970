import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { expect, test } from 'vitest';
import { makeAuditReader } from '../../../lambdas/shared/adapters/audit/audit-reader.ts';
import { itemsIn } from '../../../lambdas/shared/adapters/runtime/call-aws.ts';
import { makePrincipalsTable } from '../../../lambdas/shared/adapters/tables/principals-table.ts';
import { makeRequestsTable } from '../../../lambdas/shared/adapters/tables/requests-table.ts';

const all = async <T>(items: AsyncIterable<T>): Promise<T[]> => {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
};

test('the items of every page, in order; a page may be empty', async () => {
  async function* pages() {
    yield { Items: [{ id: 1 }, { id: 2 }] };
    yield {};
    yield { Items: [{ id: 3 }] };
  }
  expect(await all(itemsIn('it', pages()))).toEqual([{ id: 1 }, { id: 2 }, { id: 3 }]);
});

test('what fails at the reader is not told as a failure of the table', async () => {
  async function* pages() {
    yield { Items: [{ id: 1 }] };
  }
  const reading = (async () => {
    for await (const _ of itemsIn('it', pages())) throw new TypeError('mine');
  })();
  await expect(reading).rejects.toThrow(TypeError);
});

// Nothing listens there.
const client = DynamoDBDocumentClient.from(
  new DynamoDBClient({
    endpoint: 'http://127.0.0.1:1',
    region: 'eu-central-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 's' },
    maxAttempts: 1,
  }),
);
const deps = { client, tableName: 't', clock: () => new Date() };

test.each<[string, () => Promise<unknown>]>([
  ['the chains of the audit log', () => makeAuditReader(deps).chains()],
  ['a chain', () => all(makeAuditReader(deps).itemsOf('analyst1'))],
  ['the records of a request', () => makeAuditReader(deps).ofRequest('r')],
  ['the principals', () => all(makePrincipalsTable(deps).ids())],
  ['the open requests', () => all(makeRequestsTable(deps).openOf('analyst1'))],
])('a table that cannot be read is told by its name: %s', async (_, read) => {
  await expect(read()).rejects.toMatchObject({
    name: 'DependencyUnavailable',
    message: expect.stringMatching(/^\w+ table: /),
  });
});
