import { setTimeout as wait } from 'node:timers/promises';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { BatchGetCommand } from '@aws-sdk/lib-dynamodb';
import DataLoader from 'dataloader';
import { DependencyUnavailable } from '../../domain/errors.ts';
import { callAws } from './call-aws.ts';

/** An item of a table whose key is one text. */
export type ItemKey = { readonly tableName: string; readonly attribute: string; readonly value: string };
type Item = Record<string, unknown>;

/** Keys of one request, of all tables together. */
const MOST_KEYS = 100;
/** Requests for what the ones before left unanswered, as they do where a table is throttled. */
const MOST_TRIES = 4;
const WAIT_MS = 25;

const textOf = ({ tableName, value }: ItemKey): string => JSON.stringify([tableName, value]);

/**
 * Reads items strongly consistent, those that are asked for at once in one request. Nothing is remembered: each answer
 * was read after its question. Fails as `callAws` does, and where DynamoDB leaves a key unanswered again and again.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html
 */
export function makeReadTogether(client: DynamoDBDocumentClient) {
  async function request(keys: readonly ItemKey[]) {
    const tables = Map.groupBy(keys, ({ tableName }) => tableName);
    const RequestItems = Object.fromEntries(
      Array.from(tables, ([tableName, wanted]) => {
        const Keys = wanted.map(({ attribute, value }) => ({ [attribute]: value }));
        return [tableName, { Keys, ConsistentRead: true }];
      }),
    );
    return callAws('dynamodb', () => client.send(new BatchGetCommand({ RequestItems })));
  }

  async function readAll(keys: readonly ItemKey[]): Promise<(Item | undefined)[]> {
    const found = new Map<string, Item | undefined>();
    // A key that is named twice fails the whole request.
    let open = [...new Map(keys.map((key) => [textOf(key), key])).values()];
    for (let attempt = 1; open.length > 0 && attempt <= MOST_TRIES; attempt += 1) {
      if (attempt > 1) await wait(WAIT_MS * 2 ** attempt);
      const { Responses = {}, UnprocessedKeys = {} } = await request(open);
      const isIn = (items: readonly Item[] | undefined, { attribute, value }: ItemKey) =>
        items?.find((item) => item[attribute] === value);
      const left = open.filter((key) => isIn(UnprocessedKeys[key.tableName]?.Keys, key));
      for (const key of open)
        if (!left.includes(key)) found.set(textOf(key), isIn(Responses[key.tableName], key));
      open = left;
    }
    if (open.length > 0) throw new DependencyUnavailable('dynamodb: keys are left unanswered');
    return keys.map((key) => found.get(textOf(key)));
  }

  const loader = new DataLoader<ItemKey, Item | undefined>(readAll, {
    cache: false,
    maxBatchSize: MOST_KEYS,
  });
  return (key: ItemKey): Promise<Item | undefined> => loader.load(key);
}
