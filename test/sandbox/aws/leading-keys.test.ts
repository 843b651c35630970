import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { callJson, type Keys } from './signed-call.ts';
import { allow, NOTES, type Small, startSmall } from './small-endpoint.ts';

let small: Small;
let ada: Keys;
let careless: Keys;

const ONLY_ADA = { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['ada'] } };
const TableName = NOTES.name;
const call = (keys: Keys, operation: string, input: object) =>
  callJson(small.aws.url, keys, `DynamoDB_20120810.${operation}`, input);
const note = (owner: string) => ({ owner_id: { S: owner }, at: { S: '1' }, topic: { S: `of-${owner}` } });
const keyOf = (owner: string) => ({ owner_id: { S: owner }, at: { S: '1' } });
/** Reads as bob to a database that skips the member it does not know. */
const decoy = { owner_id: { X: 'ada', S: 'bob' }, at: { S: '1' } };
const query = (condition: string, values: object, more = {}) => ({
  TableName,
  KeyConditionExpression: condition,
  ExpressionAttributeValues: values,
  ...more,
});

beforeAll(async () => {
  small = await startSmall({ tables: [NOTES] });
  ada = small.user('ada', [
    allow('dynamodb:*', '*', { ...ONLY_ADA, Null: { 'dynamodb:LeadingKeys': 'false' } }),
  ]);
  careless = small.user('careless', [allow('dynamodb:*', '*', ONLY_ADA)]);
  for (const owner of ['ada', 'bob']) await call(small.admin, 'PutItem', { TableName, Item: note(owner) });
});
afterAll(() => small.aws.close());

describe('a policy pinned to one partition key', () => {
  test.each<[string, string, object]>([
    ['its row', 'GetItem', { TableName, Key: keyOf('ada') }],
    ['a write of it', 'PutItem', { TableName, Item: note('ada') }],
    ['its rows', 'Query', query('owner_id = :o', { ':o': { S: 'ada' } })],
    ['its rows, the operands turned round', 'Query', query(':o = owner_id', { ':o': { S: 'ada' } })],
    [
      'its rows within a range, in brackets, by a name',
      'Query',
      query(
        '(#o = :o) AND begins_with(#at, :a)',
        { ':o': { S: 'ada' }, ':a': { S: '1' } },
        {
          ExpressionAttributeNames: { '#o': 'owner_id', '#at': 'at' },
        },
      ),
    ],
    [
      'its rows by an index of the same key',
      'Query',
      query('owner_id = :o', { ':o': { S: 'ada' } }, { IndexName: 'byOwnersTopic' }),
    ],
    ['a batch of its rows', 'BatchGetItem', { RequestItems: { notes: { Keys: [keyOf('ada')] } } }],
    [
      'a batch of its writes',
      'BatchWriteItem',
      { RequestItems: { notes: [{ PutRequest: { Item: note('ada') } }] } },
    ],
  ])('%s: allowed', async (_, operation, input) => {
    expect((await call(ada, operation, input)).status).toBe(200);
  });

  test.each<[string, string, object]>([
    ["another's row", 'GetItem', { TableName, Key: keyOf('bob') }],
    ["a write of another's", 'PutItem', { TableName, Item: note('bob') }],
    ['an update', 'UpdateItem', { TableName, Key: keyOf('bob') }],
    ['a deletion', 'DeleteItem', { TableName, Key: keyOf('bob') }],
    ["another's rows", 'Query', query('owner_id = :o', { ':o': { S: 'bob' } })],
    [
      'two partitions at once',
      'Query',
      query('owner_id = :o AND owner_id = :p', { ':o': { S: 'ada' }, ':p': { S: 'bob' } }),
    ],
    ['a range of partitions', 'Query', query('owner_id > :o', { ':o': { S: 'a' } })],
    [
      'either of two',
      'Query',
      query('owner_id = :o OR owner_id = :p', { ':o': { S: 'ada' }, ':p': { S: 'bob' } }),
    ],
    ['a condition that does not parse', 'Query', query('owner_id =', {})],
    ['no condition', 'Query', { TableName }],
    ['no key', 'GetItem', { TableName, Key: {} }],
    [
      'an index by another key, of the same value',
      'Query',
      query('topic = :t', { ':t': { S: 'of-ada' } }, { IndexName: 'byTopic' }),
    ],
    [
      'an index there is not',
      'Query',
      query('owner_id = :o', { ':o': { S: 'ada' } }, { IndexName: 'byNothing' }),
    ],
    ['a scan', 'Scan', { TableName }],
    ['a scan that carries a key', 'Scan', { TableName, Key: keyOf('ada') }],
    [
      'a batch with one of another',
      'BatchGetItem',
      { RequestItems: { notes: { Keys: [keyOf('ada'), keyOf('bob')] } } },
    ],
    [
      'a batch that deletes one of another',
      'BatchWriteItem',
      {
        RequestItems: {
          notes: [{ PutRequest: { Item: note('ada') } }, { DeleteRequest: { Key: keyOf('bob') } }],
        },
      },
    ],
    ['a transaction', 'TransactGetItems', { TransactItems: [{ Get: { TableName, Key: keyOf('bob') } }] }],
    [
      'a transaction that writes',
      'TransactWriteItems',
      {
        TransactItems: [
          { ConditionCheck: { TableName, Key: keyOf('ada') } },
          { Put: { TableName, Item: note('bob') } },
        ],
      },
    ],
    ['PartiQL', 'ExecuteStatement', { Statement: `SELECT * FROM "notes" WHERE owner_id = 'ada'` }],
    ['PartiQL in a batch', 'BatchExecuteStatement', { Statements: [{ Statement: 'DELETE FROM notes' }] }],
    ['an export', 'ExportTableToPointInTime', { TableArn: NOTES.arn, S3Bucket: 'out' }],
  ])('%s: AccessDenied', async (_, operation, input) => {
    expect(await call(ada, operation, input)).toMatchObject({
      status: 400,
      body: { __type: 'AccessDeniedException' },
    });
  });

  test.each<[string, string, object]>([
    ['a row', 'GetItem', { TableName, Key: decoy }],
    ['rows', 'Query', query('owner_id = :o', { ':o': decoy.owner_id })],
    ['a batch', 'BatchGetItem', { RequestItems: { notes: { Keys: [keyOf('ada'), decoy] } } }],
    [
      'rows by the legacy parameter',
      'Query',
      {
        TableName,
        KeyConditions: { owner_id: { ComparisonOperator: 'EQ', AttributeValueList: [decoy.owner_id] } },
      },
    ],
    [
      'a write that is two',
      'BatchWriteItem',
      {
        RequestItems: {
          notes: [{ PutRequest: { Item: note('ada') }, DeleteRequest: { Key: keyOf('bob') } }],
        },
      },
    ],
    ['a table that is a list', 'GetItem', { TableName: [TableName], Key: keyOf('ada') }],
  ])('%s that would read otherwise to the database: refused before it', async (_, operation, input) => {
    expect(await call(ada, operation, input)).toMatchObject({
      status: 400,
      body: { __type: 'ValidationException' },
    });
  });

  test("nothing of another's was changed by all that", async () => {
    expect((await call(small.admin, 'GetItem', { TableName, Key: keyOf('bob') })).body).toEqual({
      Item: note('bob'),
    });
  });
});

test('ForAllValues without Null lets a scan through, as it does on AWS', async () => {
  expect((await call(careless, 'Scan', { TableName })).status).toBe(200);
  expect((await call(careless, 'GetItem', { TableName, Key: keyOf('bob') })).status).toBe(400);
});

test('what the database has not, it says to whoever may ask', async () => {
  const answer = await call(small.admin, 'TransactGetItems', {
    TransactItems: [{ Get: { TableName, Key: keyOf('bob') } }],
  });
  expect(answer.body.__type).toBe('UnknownOperationException');
});

test('a table is described under the ARN by which policies name it', async () => {
  const { body } = await call(small.admin, 'DescribeTable', { TableName });
  expect(body).toMatchObject({ Table: { TableArn: NOTES.arn } });
  expect((await call(small.admin, 'ListTables', {})).body).toEqual({ TableNames: [TableName] });
});
