import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import {
  GetCommand,
  PutCommand,
  paginateQuery,
  QueryCommand,
  type QueryCommandInput,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { isOpen, type RequestStatus } from '../../domain/access-request.ts';
import { type RequestRow, requestRowSchema } from '../../domain/request-row.ts';
import type { RowTransition } from '../../domain/row-transition.ts';
import { callAws, itemsIn, tryWrite } from '../runtime/call-aws.ts';
import { readableRows } from './readable-rows.ts';

/** The part of a row that a transition sets, as it is read back. */
const settableSchema = requestRowSchema.partial();

type RequestsPage = { readonly rows: RequestRow[]; readonly lastRequestId?: string };

/**
 * What a closing row loses: its token, and its place in the sweep's index. A cancelled one keeps that place
 * until its audit record is written, so that the sweep makes up for a status event that got lost.
 */
const goesOnClosing = (status: RequestStatus) =>
  status === 'CANCELLED' ? ['claimToken'] : ['claimToken', 'open'];

function updateOf(transition: RowTransition, now: Date) {
  const names = new Map<string, string>();
  const values: Record<string, unknown> = { ':now': now.toISOString(), ':one': 1 };
  const name = (path: string) =>
    path
      .split('.')
      .map((part) => {
        const key = `#${part}`;
        names.set(key, part);
        return key;
      })
      .join('.');
  const value = (attribute: unknown) => {
    const key = `:v${Object.keys(values).length}`;
    values[key] = attribute;
    return key;
  };
  const set = Object.entries(settableSchema.parse(transition.set ?? {})).filter(
    ([, given]) => given !== undefined,
  );
  const to = transition.set?.status;
  const removed = new Set([...(transition.remove ?? []), ...(to && !isOpen(to) ? goesOnClosing(to) : [])]);
  if (transition.set?.open) removed.delete('open');
  const { absent = [], present = [], equals = {} } = transition.onlyIf ?? {};
  const conditions = [
    `${name('status')} IN (${transition.from.map(value).join(', ')})`,
    ...absent.map((path) => `attribute_not_exists(${name(path)})`),
    ...present.map((path) => `attribute_exists(${name(path)})`),
    ...Object.entries(equals).map(([path, expected]) => `${name(path)} = ${value(expected)}`),
  ];
  const sets = [
    `${name('updatedAt')} = :now`,
    ...set.map(([key, attribute]) => `${name(key)} = ${value(attribute)}`),
  ];
  const expression = [
    `SET ${sets.join(', ')}`,
    `ADD ${name('version')} :one`,
    ...(removed.size > 0 ? [`REMOVE ${[...removed].map(name).join(', ')}`] : []),
  ];
  return {
    UpdateExpression: expression.join(' '),
    ConditionExpression: conditions.join(' AND '),
    ExpressionAttributeNames: Object.fromEntries(names),
    ExpressionAttributeValues: values,
  };
}

/**
 * The requests table. Reads are strongly consistent, except by index; every write is conditional.
 * INVARIANT: what is written is parsed by the schema that reads it. Throws ZodError where it does not fit.
 */
export function makeRequestsTable(deps: {
  client: DynamoDBDocumentClient;
  tableName: string;
  clock: () => Date;
}) {
  const { client, tableName: TableName, clock } = deps;

  async function* rowsOf(query: Omit<QueryCommandInput, 'TableName'>): AsyncGenerator<RequestRow> {
    const pages = paginateQuery({ client }, { TableName, ...query });
    for await (const item of itemsIn('requests table', pages)) yield requestRowSchema.parse(item);
  }

  return {
    /** False where a row of that id exists already; it is left as it is. */
    async create(row: RequestRow): Promise<boolean> {
      const Item = requestRowSchema.parse(row);
      return tryWrite('requests table', () =>
        client.send(
          new PutCommand({ TableName, Item, ConditionExpression: 'attribute_not_exists(requestId)' }),
        ),
      );
    },

    async get(requestId: string): Promise<RequestRow | undefined> {
      const { Item } = await callAws('requests table', () =>
        client.send(new GetCommand({ TableName, Key: { requestId }, ConsistentRead: true })),
      );
      return Item && requestRowSchema.parse(Item);
    },

    /** False where the condition did not hold: the row is as whoever was first left it. */
    async transition(requestId: string, transition: RowTransition): Promise<boolean> {
      const update = updateOf(transition, clock());
      return tryWrite('requests table', () =>
        client.send(new UpdateCommand({ TableName, Key: { requestId }, ...update })),
      );
    },

    /** A principal's requests, newest first. A filtered page can hold fewer rows than `limit`. */
    async listByPrincipal(
      principalId: string,
      page: { limit: number; status?: RequestStatus; afterRequestId?: string },
    ): Promise<RequestsPage> {
      const { Items = [], LastEvaluatedKey } = await callAws('requests table', () =>
        client.send(
          new QueryCommand({
            TableName,
            IndexName: 'byPrincipal',
            KeyConditionExpression: 'principalId = :principal',
            ExpressionAttributeValues: {
              ':principal': principalId,
              ...(page.status && { ':status': page.status }),
            },
            ...(page.status && {
              FilterExpression: '#status = :status',
              ExpressionAttributeNames: { '#status': 'status' },
            }),
            ...(page.afterRequestId && {
              ExclusiveStartKey: { principalId, requestId: page.afterRequestId },
            }),
            ScanIndexForward: false,
            Limit: page.limit,
          }),
        ),
      );
      return {
        rows: readableRows('requests', requestRowSchema, Items, ['requestId']),
        ...(LastEvaluatedKey && { lastRequestId: String(LastEvaluatedKey.requestId) }),
      };
    },

    /** Every row that is still open, oldest first, page by page: of one principal. */
    async *openOf(principalId: string): AsyncGenerator<RequestRow> {
      yield* rowsOf({
        IndexName: 'byOpen',
        KeyConditionExpression: '#open = :open',
        FilterExpression: 'principalId = :principal',
        ExpressionAttributeNames: { '#open': 'open' },
        ExpressionAttributeValues: { ':open': 'open', ':principal': principalId },
      });
    },

    /** Rows that people are asked about, oldest first, page by page. */
    async *awaitingApproval(): AsyncGenerator<RequestRow> {
      yield* rowsOf({
        IndexName: 'byOpen',
        KeyConditionExpression: '#open = :open',
        FilterExpression: '#status = :awaiting',
        ExpressionAttributeNames: { '#open': 'open', '#status': 'status' },
        ExpressionAttributeValues: { ':open': 'open', ':awaiting': 'AWAITING_APPROVAL' },
      });
    },

    /** Every row whose session has not ended at this time, the next to end first, page by page. */
    async *live(now: Date): AsyncGenerator<RequestRow> {
      yield* rowsOf({
        IndexName: 'byLive',
        KeyConditionExpression: 'live = :live AND liveUntil > :now',
        ExpressionAttributeValues: { ':live': 'live', ':now': now.toISOString() },
      });
    },

    /** Rows that are still open and older than `before`, oldest first, at most 100: the sweep's work. */
    async listOpen(before: Date): Promise<RequestRow[]> {
      const { Items = [] } = await callAws('requests table', () =>
        client.send(
          new QueryCommand({
            TableName,
            IndexName: 'byOpen',
            KeyConditionExpression: '#open = :open AND createdAt < :before',
            ExpressionAttributeNames: { '#open': 'open' },
            ExpressionAttributeValues: { ':open': 'open', ':before': before.toISOString() },
            Limit: 100,
          }),
        ),
      );
      return readableRows('requests', requestRowSchema, Items, ['requestId']);
    },

    /** Break-glass sessions that nobody has reviewed, oldest first: a hundred at most. */
    async listUnreviewed(): Promise<RequestRow[]> {
      const { Items = [] } = await callAws('requests table', () =>
        client.send(
          new QueryCommand({
            TableName,
            IndexName: 'byOpen',
            KeyConditionExpression: '#open = :open',
            ExpressionAttributeNames: { '#open': 'open' },
            ExpressionAttributeValues: { ':open': 'review' },
            Limit: 100,
          }),
        ),
      );
      return readableRows('requests', requestRowSchema, Items, ['requestId']);
    },
  };
}
export type RequestsTable = ReturnType<typeof makeRequestsTable>;
