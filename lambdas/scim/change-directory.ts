import { randomUUID } from 'node:crypto';
import { afterLostRace, MOST_RACES } from '../shared/adapters/runtime/lost-race.ts';
import type { UserWritten } from '../shared/adapters/tables/directory-table.ts';
import { digestOf } from '../shared/domain/digest.ts';
import type {
  DirectoryGroup,
  DirectoryUser,
  GroupAttributes,
  UserAttributes,
} from '../shared/domain/people/directory.ts';
import { ScimError } from './scim-error.ts';

/** Where users and groups are kept. */
export type DirectoryPort = {
  user(id: string): Promise<DirectoryUser | undefined>;
  group(id: string): Promise<DirectoryGroup | undefined>;
  writeUser(row: DirectoryUser, before: DirectoryUser | undefined): Promise<UserWritten>;
  writeGroup(row: DirectoryGroup, baseVersion: number): Promise<boolean>;
  remove(found: DirectoryUser | DirectoryGroup, deletedAt: string): Promise<boolean>;
};

const missing = () => new ScimError(404, 'There is no resource of this id.');
const nameTaken = () => new ScimError(409, 'Another user has this userName.', 'uniqueness');

/** Does again what lost a race against another call, on what that one wrote. */
async function againUntilWon<T>(attempt: () => Promise<T | 'lost'>): Promise<T> {
  for (let race = 0; race < MOST_RACES; race++) {
    const done = await attempt();
    if (done !== 'lost') return done;
    await afterLostRace(race);
  }
  throw new ScimError(409, 'Others write this at the same time; try again.');
}

/** Writes of users and groups, each on what it read: of two at once neither undoes the other. */
export function makeDirectoryChanges(table: DirectoryPort, clock: () => Date) {
  const now = () => clock().toISOString();
  const begin = () => ({ id: randomUUID() as string, version: 1, createdAt: now(), changedAt: now() });

  return {
    async createUser(attributes: UserAttributes): Promise<DirectoryUser> {
      const row: DirectoryUser = { kind: 'user', ...attributes, ...begin() };
      if ((await table.writeUser(row, undefined)) !== 'written') throw nameTaken();
      return row;
    },

    async createGroup(attributes: GroupAttributes): Promise<DirectoryGroup> {
      const row: DirectoryGroup = { kind: 'group', ...attributes, ...begin() };
      await table.writeGroup(row, 0);
      return row;
    },

    /** Writes what `change` makes of a user; nothing where that is what they are. */
    changeUser: (id: string, change: (before: DirectoryUser) => Promise<UserAttributes>) =>
      againUntilWon(async () => {
        const before = await table.user(id);
        if (!before) throw missing();
        const { kind, version, createdAt, changedAt } = before;
        const attributes = await change(before);
        if (digestOf({ ...attributes, kind, id, version, createdAt, changedAt }) === digestOf(before))
          return before;
        const after = { kind, ...attributes, id, version: version + 1, createdAt, changedAt: now() };
        const written = await table.writeUser(after, before);
        if (written === 'name_taken') throw nameTaken();
        return written === 'written' ? after : 'lost';
      }),

    /** The same of a group. */
    changeGroup: (id: string, change: (before: DirectoryGroup) => Promise<GroupAttributes>) =>
      againUntilWon(async () => {
        const before = await table.group(id);
        if (!before) throw missing();
        const { kind, version, createdAt, changedAt } = before;
        const attributes = await change(before);
        if (digestOf({ ...attributes, kind, id, version, createdAt, changedAt }) === digestOf(before))
          return before;
        const after = { kind, ...attributes, id, version: version + 1, createdAt, changedAt: now() };
        return (await table.writeGroup(after, version)) ? after : 'lost';
      }),

    remove: (kind: 'user' | 'group', id: string) =>
      againUntilWon(async () => {
        const found = kind === 'user' ? await table.user(id) : await table.group(id);
        if (!found) throw missing();
        return (await table.remove(found, now())) ? undefined : 'lost';
      }),
  };
}
