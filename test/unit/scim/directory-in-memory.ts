import { makeScimApp, type ScimPorts } from '../../../lambdas/scim/serve-scim.ts';
import type { DirectoryGroup, DirectoryUser } from '../../../lambdas/shared/domain/people/directory.ts';

export const TOKEN = 'a-token-of-more-than-thirty-two-characters';

/** The application over rows in memory. `meanwhile` runs once between a read and the write that follows it. */
export function makeDirectory(token = TOKEN) {
  const rows = new Map<string, DirectoryUser | DirectoryGroup>();
  const logged: unknown[] = [];
  const here = { meanwhile: undefined as (() => void) | undefined };
  const users = () => [...rows.values()].filter((row) => row.kind === 'user');
  const named = (userName: string) =>
    users().find((user) => user.userName.toLowerCase() === userName.toLowerCase());
  const interrupt = () => {
    const act = here.meanwhile;
    here.meanwhile = undefined;
    act?.();
  };
  const directory: ScimPorts['directory'] = {
    user: async (id) => users().find((row) => row.id === id),
    group: async (id) => {
      const row = rows.get(id);
      return row?.kind === 'group' ? row : undefined;
    },
    userNamed: async (userName) => named(userName),
    readDirectory: async () => ({
      users: users(),
      groups: [...rows.values()].filter((row) => row.kind === 'group'),
      unreadable: [],
    }),
    async writeUser(row, before) {
      interrupt();
      if ((rows.get(row.id)?.version ?? 0) !== (before?.version ?? 0)) return 'changed';
      const bearer = named(row.userName);
      if (bearer && bearer.id !== row.id) return 'name_taken';
      rows.set(row.id, row);
      return 'written';
    },
    async writeGroup(row, base) {
      interrupt();
      if ((rows.get(row.id)?.version ?? 0) !== base) return false;
      rows.set(row.id, row);
      return true;
    },
    remove: async ({ id }) => rows.delete(id),
  };
  const app = makeScimApp({
    directory,
    token: async () => token,
    clock: () => new Date('2026-11-20T12:00:00.000Z'),
    log: (fields) => logged.push(fields),
  });
  async function call(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
    const answer = await app.request(`https://scim.example/v2${path}`, {
      method,
      headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/scim+json', ...headers },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await answer.text();
    return {
      status: answer.status,
      // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
      body: (text ? JSON.parse(text) : undefined) as any,
      headers: answer.headers,
    };
  }
  return { call, rows, logged, here };
}

export const USER = 'urn:ietf:params:scim:schemas:core:2.0:User';
export const GROUP = 'urn:ietf:params:scim:schemas:core:2.0:Group';
const PATCH = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';

export const jane = {
  schemas: [USER],
  userName: 'jane@bank.example',
  externalId: 'ext-1',
  name: { givenName: 'Jane', familyName: 'Doe' },
  emails: [{ value: 'jane@bank.example', type: 'work', primary: true }],
  active: true,
};

export const patchOf = (...Operations: object[]) => ({ schemas: [PATCH], Operations });
