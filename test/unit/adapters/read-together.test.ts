import type { BatchGetCommandInput, DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { expect, test } from 'vitest';
import { type ItemKey, makeReadTogether } from '../../../lambdas/shared/adapters/runtime/read-together.ts';

type Requests = NonNullable<BatchGetCommandInput['RequestItems']>;
type Answer = {
  Responses?: Record<string, Record<string, unknown>[]>;
  UnprocessedKeys?: Record<string, { Keys: Record<string, unknown>[] }>;
};

/** A table's reads over an answer to each request; what was asked, request by request. */
function reading(answer: (items: Requests, nth: number) => Answer) {
  const asked: Requests[] = [];
  const send = async ({ input }: { input: BatchGetCommandInput }) => {
    const items = input.RequestItems ?? {};
    return answer(items, asked.push(items));
  };
  return { read: makeReadTogether({ send } as unknown as DynamoDBDocumentClient), asked };
}

/** Answers every key that is asked for with an item of it. */
const all = (items: Requests): Answer => ({
  Responses: Object.fromEntries(
    Object.entries(items).map(([table, { Keys = [] }]) => [
      table,
      // In an order of its own, as DynamoDB answers.
      Keys.map((key) => ({ ...key, from: table })).reverse(),
    ]),
  ),
});

const session = (value: string): ItemKey => ({ tableName: 'sessions', attribute: 'sessionId', value });
const person = (value: string): ItemKey => ({ tableName: 'people', attribute: 'id', value });

test('what is asked for at once is one request, strongly consistent, and each is answered its own', async () => {
  const { read, asked } = reading(all);
  expect(await Promise.all([read(session('a')), read(person('a')), read(person('b'))])).toEqual([
    { sessionId: 'a', from: 'sessions' },
    { id: 'a', from: 'people' },
    { id: 'b', from: 'people' },
  ]);
  expect(asked).toEqual([
    {
      sessions: { Keys: [{ sessionId: 'a' }], ConsistentRead: true },
      people: { Keys: [{ id: 'a' }, { id: 'b' }], ConsistentRead: true },
    },
  ]);
});

test('one key asked for twice is named once, and a later question is read anew', async () => {
  let answers = 0;
  const { read, asked } = reading(() => {
    answers += 1;
    return { Responses: { people: [{ id: 'a', answers }] } };
  });
  expect(await Promise.all([read(person('a')), read(person('a'))])).toEqual([
    { id: 'a', answers: 1 },
    { id: 'a', answers: 1 },
  ]);
  expect(await read(person('a'))).toEqual({ id: 'a', answers: 2 });
  expect(asked.map(({ people }) => people?.Keys)).toEqual([[{ id: 'a' }], [{ id: 'a' }]]);
});

test('what is not there is undefined, and no item of another key or table is taken for it', async () => {
  const { read } = reading(() => ({ Responses: { people: [{ id: 'b' }], sessions: [{ sessionId: 'a' }] } }));
  expect(await read(person('a'))).toBeUndefined();
});

test('what DynamoDB leaves unanswered is asked for again, and it alone', async () => {
  const { read, asked } = reading((items, nth) =>
    nth === 1
      ? { Responses: { people: [{ id: 'a' }] }, UnprocessedKeys: { people: { Keys: [{ id: 'b' }] } } }
      : all(items),
  );
  expect(await Promise.all([read(person('a')), read(person('b'))])).toEqual([
    { id: 'a' },
    { id: 'b', from: 'people' },
  ]);
  expect(asked[1]).toEqual({ people: { Keys: [{ id: 'b' }], ConsistentRead: true } });
});

test('what stays unanswered fails: nobody is taken to be unknown because a table is busy', async () => {
  const { read, asked } = reading(({ people }) => ({
    UnprocessedKeys: { people: { Keys: people?.Keys ?? [] } },
  }));
  await expect(read(person('a'))).rejects.toThrow('keys are left unanswered');
  expect(asked).toHaveLength(4);
});

test('a hundred and one keys are two requests; a failure is each one’s', async () => {
  const { read, asked } = reading(all);
  const ids = Array.from({ length: 101 }, (_, nth) => `p${nth}`);
  const found = await Promise.all(ids.map((id) => read(person(id))));
  expect(found.map((item) => item?.id)).toEqual(ids);
  expect(asked.map(({ people }) => people?.Keys?.length)).toEqual([100, 1]);

  const failing = reading(() => {
    throw Object.assign(new Error('the input'), { name: 'ThrottlingException' });
  });
  const outcomes = await Promise.allSettled([failing.read(person('a')), failing.read(session('a'))]);
  for (const outcome of outcomes)
    expect(outcome.status === 'rejected' && String(outcome.reason)).toBe(
      'DependencyUnavailable: dynamodb: ThrottlingException',
    );
});
