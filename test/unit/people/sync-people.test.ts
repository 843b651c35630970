import { describe, expect, it } from 'vitest';
import { makeSyncPeople, type SyncPorts } from '../../../lambdas/events/sync-people/sync-people.ts';
import type { AuditEntry } from '../../../lambdas/shared/domain/audit/audit-record.ts';
import type { DirectoryGroup, DirectoryUser } from '../../../lambdas/shared/domain/people/directory.ts';
import { principalIdOf } from '../../../lambdas/shared/domain/people/directory-principal.ts';
import type { PeopleState } from '../../../lambdas/shared/domain/people/people-problem.ts';
import type { Policy, Principal } from '../../../lambdas/shared/domain/principal.ts';
import { groupOf, templateOf, userOf } from './people-of-test.ts';

const jane = userOf('jane');
const id = principalIdOf(jane);

/** Everything in memory; `breakAt` is the number of the write that fails, once. */
function world(breakAt = Number.POSITIVE_INFINITY) {
  const principals = new Map<string, Principal>();
  const policies = new Map<string, Policy>();
  const recorded: AuditEntry[] = [];
  const revoked: string[] = [];
  const lookups = new Map<string, string>();
  const here = {
    users: [jane] as DirectoryUser[],
    groups: [groupOf('Engineering', [jane])] as DirectoryGroup[],
    templates: [templateOf({ slackByEmail: true })],
    slack: (async () => 'U123') as SyncPorts['findSlackUser'],
    state: undefined as PeopleState | undefined,
  };
  let writes = 0;
  const write = <T>(act: () => T): T => {
    writes += 1;
    if (writes === breakAt) throw new Error('broken off');
    return act();
  };
  const keysOf = ({ slackUserId, signIn = [] }: Principal) => [
    ...(slackUserId ? [slackUserId] : []),
    ...signIn.flatMap((entry) => ('subject' in entry ? [entry.subject] : [])),
  ];
  const ports: SyncPorts = {
    directory: {
      readDirectory: async () => ({ users: here.users, groups: here.groups, unreadable: [] }),
      templates: async () => here.templates,
      writeState: async (state) =>
        write(() => {
          here.state = state;
        }),
    },
    principals: {
      async *all() {
        yield* [...principals.values()];
      },
      write: async (principal, base) =>
        write(() => {
          if ((principals.get(principal.id)?.version ?? 0) !== base) return false;
          principals.set(principal.id, principal);
          return true;
        }),
    },
    policies: {
      get: async (principalId) => policies.get(principalId),
      write: async (policy) => write(() => Boolean(policies.set(policy.principalId, policy))),
    },
    lookups: {
      claim: async (principal) =>
        write(() => {
          const free = keysOf(principal).every((key) => (lookups.get(key) ?? principal.id) === principal.id);
          if (free) for (const key of keysOf(principal)) lookups.set(key, principal.id);
          return free;
        }),
      release: async (versions, current) =>
        write(() => {
          const remaining = new Set(current ? keysOf(current) : []);
          for (const version of versions)
            for (const key of keysOf(version))
              if (!remaining.has(key) && lookups.get(key) === version.id) lookups.delete(key);
        }),
    },
    revocations: {
      start: async (input) => write(() => void revoked.push('principalId' in input ? input.principalId : '')),
    },
    audit: {
      append: async (entry) =>
        write(() => {
          const name = `${entry.event}#${entry.occurrence}`;
          if (!recorded.some((each) => `${each.event}#${each.occurrence}` === name)) recorded.push(entry);
        }),
    },
    findSlackUser: (email) => here.slack(email),
    clock: () => new Date('2026-11-20T12:00:00.000Z'),
    log: () => {},
  };
  return {
    here,
    principals,
    policies,
    recorded,
    revoked,
    lookups,
    sync: makeSyncPeople(ports),
    count: () => writes,
  };
}

const events = ({ recorded }: ReturnType<typeof world>) => recorded.map(({ event }) => event);

describe('people', () => {
  it('join: policy and names before they are in, and recorded', async () => {
    const all = world();
    await all.sync();
    expect(all.principals.get(id)).toMatchObject({ status: 'active', slackUserId: 'U123' });
    expect(all.policies.get(id)?.text).toBe('Engineers may read what they work on.');
    expect(events(all)).toEqual(['person_joined']);
    expect(all.recorded[0]).toMatchObject({
      chain: id,
      requestId: 'dir_sync',
      facts: { template: 'engineers' },
    });
    expect(all.here.state).toMatchObject({ users: 1, groups: 1, people: 1, problemCount: 0 });
  });

  it('leave: suspended, revoked, recorded, and their names are free', async () => {
    const all = world();
    await all.sync();
    all.here.users = [];
    await all.sync();
    expect(all.principals.get(id)).toMatchObject({ status: 'suspended', directory: { out: 'left' } });
    expect(all.principals.get(id)?.directory?.ending).toBeUndefined();
    expect([all.revoked, [...all.lookups]]).toEqual([[id], []]);
    expect(events(all)).toEqual(['person_joined', 'person_left']);
    await all.sync();
    expect(all.revoked).toEqual([id]);
  });

  it('leave for good wherever a run breaks off', async () => {
    const whole = world();
    await whole.sync();
    const joining = whole.count();
    whole.here.users = [];
    await whole.sync();
    for (let step = joining + 1; step <= whole.count(); step++) {
      const all = world(step);
      await all.sync();
      all.here.users = [];
      await expect(all.sync()).rejects.toThrow('broken off');
      await all.sync();
      expect(all.principals.get(id)).toMatchObject({ status: 'suspended', groups: [] });
      expect(all.revoked.length).toBeGreaterThan(0);
      expect(events(all)).toEqual(['person_joined', 'person_left']);
      expect(all.principals.get(id)?.directory?.ending).toBeUndefined();
      expect([...all.lookups]).toEqual([]);
    }
  });

  it('join once wherever a run breaks off', async () => {
    const whole = world();
    await whole.sync();
    for (let step = 1; step <= whole.count(); step++) {
      const all = world(step);
      await expect(all.sync()).rejects.toThrow('broken off');
      await all.sync();
      expect(all.principals.get(id)).toEqual(whole.principals.get(id));
      expect(events(all)).toEqual(['person_joined']);
      expect(all.policies.get(id)?.text).toBe('Engineers may read what they work on.');
    }
  });

  it('come in without Slack where it is down; the run is to be tried again, and then they have it', async () => {
    const all = world();
    all.here.slack = async () => {
      throw new Error('down');
    };
    await expect(all.sync()).rejects.toThrow('Slack');
    expect(all.principals.get(id)).toMatchObject({ status: 'active' });
    expect(all.principals.get(id)?.slackUserId).toBeUndefined();
    expect(all.here.state?.problems).toEqual([{ code: 'slack_unavailable' }]);
    all.here.slack = async () => 'U123';
    await all.sync();
    expect(all.principals.get(id)?.slackUserId).toBe('U123');
    expect(events(all)).toEqual(['person_joined', 'person_moved']);
  });

  it('stay out whose name was taken while they were looked at', async () => {
    const all = world();
    all.lookups.set('ext-jane', 'somebody');
    await all.sync();
    expect(all.principals.size).toBe(0);
    expect(all.lookups).toEqual(new Map([['ext-jane', 'somebody']]));
    expect(all.here.state?.problems).toEqual([
      { code: 'registered_elsewhere', user: jane.id, userName: 'jane' },
    ]);
  });
});
