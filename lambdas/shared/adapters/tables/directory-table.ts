import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { GetCommand, PutCommand, paginateQuery, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import {
  type DirectoryGroup,
  type DirectoryUser,
  deletedSchema,
  directoryGroupSchema,
  directoryIdSchema,
  directoryUserSchema,
} from '../../domain/people/directory.ts';
import { type Directory, type PeopleState, peopleStateSchema } from '../../domain/people/people-problem.ts';
import { type Template, templateSchema } from '../../domain/people/template.ts';
import { callAws, itemsIn, tryWrite } from '../runtime/call-aws.ts';
import { overVersion } from './over-version.ts';

type Kind = 'user' | 'group' | 'user_name' | 'template' | 'state';
const SERVICE = 'directory table';

/** A name that is taken, and by whom. */
const nameSchema = z.object({ kind: z.literal('user_name'), id: z.string(), user: directoryIdSchema });

const templateRowSchema = templateSchema.extend({ kind: z.literal('template') });
const stateRowSchema = peopleStateSchema.extend({ kind: z.literal('state'), id: z.literal('people') });

/** No provider tells users apart by capitals. */
const keyOfName = (userName: string) => userName.toLowerCase();

export type UserWritten = 'written' | 'changed' | 'name_taken';

const names = { ExpressionAttributeNames: { '#user': 'user' } };

const takeName = (TableName: string, id: string, user: string) => ({
  Put: {
    TableName,
    Item: nameSchema.parse({ kind: 'user_name', id, user }),
    ConditionExpression: 'attribute_not_exists(id) OR #user = :user',
    ExpressionAttributeValues: { ':user': user },
    ...names,
  },
});

const giveUpName = (TableName: string, id: string, user: string) => ({
  Delete: {
    TableName,
    Key: { kind: 'user_name', id },
    ConditionExpression: 'attribute_not_exists(id) OR #user = :user',
    ExpressionAttributeValues: { ':user': user },
    ...names,
  },
});

/** What an identity provider wrote of users and groups, the templates, and what came of both. */
export function makeDirectoryTable(deps: { client: DynamoDBDocumentClient; tableName: string }) {
  const { client, tableName: TableName } = deps;

  async function get(kind: Kind, id: string): Promise<Record<string, unknown> | undefined> {
    const { Item } = await callAws(SERVICE, () =>
      client.send(new GetCommand({ TableName, Key: { kind, id }, ConsistentRead: true })),
    );
    return Item;
  }

  const rows = (kind: Kind) =>
    itemsIn(
      SERVICE,
      paginateQuery(
        { client },
        {
          TableName,
          ConsistentRead: true,
          KeyConditionExpression: '#kind = :kind',
          ExpressionAttributeNames: { '#kind': 'kind' },
          ExpressionAttributeValues: { ':kind': kind },
        },
      ),
    );

  const put = (Item: Record<string, unknown>, baseVersion: number): Promise<boolean> =>
    tryWrite(SERVICE, () =>
      client.send(new PutCommand({ TableName, Item, ...overVersion('id', baseVersion) })),
    );

  /** Rows of a kind that read as they should, and the keys of those that do not. Deleted ones are neither. */
  async function readAll<Row>(kind: 'user' | 'group', schema: z.ZodType<Row>) {
    const read: Row[] = [];
    const unreadable: Directory['unreadable'][number][] = [];
    for await (const item of rows(kind)) {
      if (deletedSchema.safeParse(item).success) continue;
      const parsed = schema.safeParse(item);
      if (parsed.success) read.push(parsed.data);
      else unreadable.push({ kind, id: String(item.id) });
    }
    return { read, unreadable };
  }

  return {
    async user(id: string): Promise<DirectoryUser | undefined> {
      return directoryUserSchema.safeParse(await get('user', id)).data;
    },
    async group(id: string): Promise<DirectoryGroup | undefined> {
      return directoryGroupSchema.safeParse(await get('group', id)).data;
    },

    /**
     * Writes a user over the one it was based on (undefined: it must be new), and takes their name, in one go:
     * of two who want a name one gets it, and no name is anybody's who is not there.
     */
    async writeUser(row: DirectoryUser, before: DirectoryUser | undefined): Promise<UserWritten> {
      const Item = directoryUserSchema.parse(row);
      const name = keyOfName(row.userName);
      const old = before && keyOfName(before.userName) !== name ? keyOfName(before.userName) : undefined;
      const written = await tryWrite(SERVICE, () =>
        client.send(
          new TransactWriteCommand({
            TransactItems: [
              { Put: { TableName, Item, ...overVersion('id', before?.version ?? 0) } },
              takeName(TableName, name, row.id),
              ...(old === undefined ? [] : [giveUpName(TableName, old, row.id)]),
            ],
          }),
        ),
      );
      if (written) return 'written';
      const bearer = nameSchema.safeParse(await get('user_name', name)).data?.user;
      return bearer !== undefined && bearer !== row.id ? 'name_taken' : 'changed';
    },

    /** Writes a group over the version it was based on (0: it must be new). False where that moved on. */
    async writeGroup(row: DirectoryGroup, baseVersion: number): Promise<boolean> {
      return put(directoryGroupSchema.parse(row), baseVersion);
    },

    /** Leaves of a user or a group that they were deleted. False where they were changed meanwhile. */
    async remove(found: DirectoryUser | DirectoryGroup, deletedAt: string): Promise<boolean> {
      const { kind, id, version } = found;
      const Item = deletedSchema.parse({ kind, id, version: version + 1, deletedAt });
      const put = { Put: { TableName, Item, ...overVersion('id', version) } };
      return tryWrite(SERVICE, () =>
        client.send(
          new TransactWriteCommand({
            TransactItems:
              found.kind === 'user' ? [put, giveUpName(TableName, keyOfName(found.userName), id)] : [put],
          }),
        ),
      );
    },

    /** The user who has a name. */
    async userNamed(userName: string): Promise<DirectoryUser | undefined> {
      const found = nameSchema.safeParse(await get('user_name', keyOfName(userName))).data;
      const user = found && directoryUserSchema.safeParse(await get('user', found.user)).data;
      return user && keyOfName(user.userName) === keyOfName(userName) ? user : undefined;
    },

    /** All that there is of users and groups. */
    async readDirectory(): Promise<Directory> {
      const [users, groups] = await Promise.all([
        readAll('user', directoryUserSchema),
        readAll('group', directoryGroupSchema),
      ]);
      return {
        users: users.read,
        groups: groups.read,
        unreadable: [...users.unreadable, ...groups.unreadable],
      };
    },

    async template(id: string): Promise<Template | undefined> {
      const row = await get('template', id);
      if (!row) return undefined;
      const { kind: _, ...template } = templateRowSchema.parse(row);
      return template;
    },

    /** All templates. Throws where one cannot be read: what it would say is not known. */
    async templates(): Promise<Template[]> {
      const found: Template[] = [];
      for await (const row of rows('template')) {
        const { kind: _, ...template } = templateRowSchema.parse(row);
        found.push(template);
      }
      return found;
    },

    async writeTemplate(template: Template, baseVersion: number): Promise<boolean> {
      return put(templateRowSchema.parse({ ...template, kind: 'template' }), baseVersion);
    },

    async state(): Promise<PeopleState | undefined> {
      return peopleStateSchema.safeParse(await get('state', 'people')).data;
    },

    async writeState(state: PeopleState): Promise<void> {
      const Item = stateRowSchema.parse({ ...state, kind: 'state', id: 'people' });
      await callAws(SERVICE, () => client.send(new PutCommand({ TableName, Item })));
    },
  };
}
export type DirectoryTable = ReturnType<typeof makeDirectoryTable>;
