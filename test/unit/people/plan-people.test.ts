import { describe, expect, it } from 'vitest';
import type { DirectoryGroup, DirectoryUser } from '../../../lambdas/shared/domain/people/directory.ts';
import { isLeftToPeople, principalIdOf } from '../../../lambdas/shared/domain/people/directory-principal.ts';
import type { Directory } from '../../../lambdas/shared/domain/people/people-problem.ts';
import { planPeople } from '../../../lambdas/shared/domain/people/plan-people.ts';
import type { Template } from '../../../lambdas/shared/domain/people/template.ts';
import {
  type Principal,
  principalIdSchema,
  principalSchema,
} from '../../../lambdas/shared/domain/principal.ts';
import { makePasskey } from '../../support/make-passkey.ts';
import { groupOf, ISSUER, templateOf, userOf } from './people-of-test.ts';

type World = {
  users: DirectoryUser[];
  groups: DirectoryGroup[];
  templates?: Template[];
  principals?: Principal[];
  unreadable?: Directory['unreadable'];
  slack?: [string, string | null][];
};

const plan = ({
  users,
  groups,
  templates = [templateOf()],
  principals = [],
  unreadable = [],
  slack = [],
}: World) => planPeople({ users, groups, unreadable }, templates, principals, new Map(slack));

/** The principals after a plan, as if all of it were done. */
function applied(world: World): Principal[] {
  const after = new Map((world.principals ?? []).map((each) => [each.id, each]));
  for (const { after: person } of plan(world).moves) {
    const { ending: _, ...directory } = person.directory ?? { template: '', user: '', policyDigest: '' };
    after.set(person.id, { ...person, directory });
  }
  return [...after.values()];
}

const only = <T>(values: readonly T[]): T => {
  expect(values).toHaveLength(1);
  return values[0] as T;
};

const handWritten = (more: Partial<Principal>): Principal =>
  principalSchema.parse({
    id: 'jane',
    type: 'human',
    status: 'active',
    groups: ['employees'],
    awsPrincipals: [],
    persons: ['jane'],
    ...more,
  });

const jane = userOf('jane');
const joined = { users: [jane], groups: [groupOf('Engineering', [jane])] };

describe('a passkey of a person of the directory', () => {
  const { passkey } = makePasskey();
  const withPasskey = applied(joined).map((each) => ({ ...each, passkeys: [passkey] }));

  it('stays theirs where the directory says otherwise of them', () => {
    const moved = { ...jane, externalId: 'ext-jane-2' };
    const { after } = only(plan({ ...joined, users: [moved], principals: withPasskey }).moves);
    expect(after).toMatchObject({ passkeys: [passkey], signIn: [{ subject: 'ext-jane-2' }] });
  });

  it('proves no votes of who has their place under another e-mail', () => {
    const other = { ...jane, emails: [{ value: 'john@bank.example', primary: true }] };
    const { after } = only(plan({ ...joined, users: [other], principals: withPasskey }).moves);
    expect(after.persons).toEqual(['jane@bank.example', 'john@bank.example']);
    expect(after.passkeys).toBeUndefined();
  });
});

describe('who joins', () => {
  it('is made a principal by the template of their group', () => {
    const { moves, problems } = plan(joined);
    expect(problems).toEqual([]);
    const { kind, after, policy } = only(moves);
    expect([kind, policy]).toEqual(['joined', 'Engineers may read what they work on.']);
    expect(after).toMatchObject({
      id: principalIdOf(jane),
      type: 'human',
      status: 'active',
      groups: ['employees'],
      persons: ['jane@bank.example'],
      signIn: [{ issuer: ISSUER, subject: 'ext-jane' }],
      version: 1,
    });
  });

  it('is planned once: what is done is not done again', () => {
    expect(plan({ ...joined, principals: applied(joined) }).moves).toEqual([]);
  });

  it('has the Slack user and the Identity Center session that the template says', () => {
    const role = 'arn:aws:sts::123456789012:assumed-role/AWSReservedSSO_Ask_0123456789abcdef';
    const templates = [templateOf({ slackByEmail: true, identityCenterRoles: [role] })];
    const { after } = only(plan({ ...joined, templates, slack: [['jane@bank.example', 'U123']] }).moves);
    expect([after.slackUserId, after.awsPrincipals]).toEqual(['U123', [`${role}/jane`]]);
  });

  it('has the further groups that they are in', () => {
    const templates = [templateOf({ also: [{ group: { externalId: 'g-1' }, groups: ['approvers'] }] })];
    const approvers = groupOf('Approvers', [jane], { externalId: 'g-1' });
    const other = groupOf('Approvers', [], { externalId: 'g-2' });
    const { after } = only(
      plan({ ...joined, templates, groups: [...joined.groups, approvers, other] }).moves,
    );
    expect(after.groups).toEqual(['approvers', 'employees']);
  });

  it.each<[string, string]>([
    ['Jane.Doe@bank.example', 'dir_jane_doe_'],
    ['<!channel>', 'dir__channel__'],
    ['⁦evil', 'dir__evil_'],
    ['x'.repeat(250), `dir_${'x'.repeat(34)}_`],
    ['@', 'dir__'],
  ])('has an id that every place takes: %s', (userName, beginning) => {
    const id = principalIdOf({ id: jane.id, userName });
    expect(principalIdSchema.safeParse(id).success).toBe(true);
    expect(id.startsWith(beginning)).toBe(true);
  });
});

describe('who is unclear is out, and named', () => {
  const john = userOf('john');
  const both = [groupOf('Engineering', [jane, john])];
  const codes = (world: World) => plan(world).problems.map((problem) => problem.code);
  const joiners = (world: World) => plan(world).moves.map(({ after }) => after.id);

  it('two with one e-mail, in whatever letters, and as whichever of theirs', () => {
    const twin = userOf('john', { emails: [{ value: 'x@bank.example' }, { value: 'JANE@bank.example' }] });
    const world = { users: [jane, twin], groups: [groupOf('Engineering', [jane, twin])] };
    expect(joiners(world)).toEqual([principalIdOf(twin)]);
    const same = userOf('john', { emails: [{ value: 'JANE@bank.example' }] });
    const shared = { users: [jane, same], groups: [groupOf('Engineering', [jane, same])] };
    expect([joiners(shared), codes(shared)]).toEqual([[], ['email_shared', 'email_shared']]);
    const after = { ...shared, principals: applied(joined) };
    expect(only(plan(after).moves).after.directory?.out).toBe('email_shared');
  });

  it('but not where one of the two is gone', () => {
    const gone = userOf('jane2', { active: false, emails: [{ value: 'jane@bank.example' }] });
    expect(joiners({ users: [jane, gone], groups: [groupOf('Engineering', [jane, gone])] })).toHaveLength(1);
  });

  it.each<[string, Partial<DirectoryUser>, string]>([
    ['no e-mail', { emails: [] }, 'email_missing'],
    ['an e-mail with Slack’s signs', { emails: [{ value: '<!channel>@bank.example' }] }, 'email_unusable'],
    ['an e-mail too long', { emails: [{ value: `${'x'.repeat(60)}@bank.example` }] }, 'email_unusable'],
  ])('%s', (_, change, code) => {
    const user = { ...jane, ...change };
    expect(codes({ ...joined, users: [user] })).toEqual([code]);
    expect(joiners({ ...joined, users: [user] })).toEqual([]);
  });

  it('nothing to sign in by', () => {
    const { externalId: _, ...user } = jane;
    expect(codes({ ...joined, users: [user] })).toEqual(['sign_in_missing']);
  });

  it('two with one name to sign in by: neither', () => {
    const twin = { ...john, externalId: jane.externalId as string };
    const world = { users: [jane, twin], groups: both };
    expect([joiners(world), codes(world)]).toEqual([[], ['registered_elsewhere', 'registered_elsewhere']]);
  });

  it.each<[string, Partial<Principal>]>([
    ['sign-in', { signIn: [{ issuer: ISSUER, subject: 'ext-jane' }] }],
    ['sign-in by claims', { signIn: [{ issuer: ISSUER, claims: { groups: 'all' } }] }],
    ['Slack user', { slackUserId: 'U123' }],
  ])('who is a principal already, by %s', (_, more) => {
    const world = {
      ...joined,
      templates: [templateOf({ slackByEmail: true })],
      slack: [['jane@bank.example', 'U123'] as [string, string]],
      principals: [handWritten(more)],
    };
    expect([joiners(world), codes(world)]).toEqual([[], ['registered_elsewhere']]);
  });

  it('in the groups of two templates', () => {
    const templates = [templateOf(), templateOf({ id: 'staff', group: { displayName: 'Staff' } })];
    const world = { ...joined, templates, groups: [...joined.groups, groupOf('Staff', [jane])] };
    expect([joiners(world), codes(world)]).toEqual([[], ['two_templates']]);
  });

  it('a second group of the same name lets nobody else in, and nobody stay who is not in both', () => {
    const forged = groupOf('Engineering', [john]);
    const world = { users: [jane, john], groups: [...joined.groups, forged], principals: applied(joined) };
    expect(codes(world)).toEqual(['group_many']);
    expect(only(plan(world).moves).after.directory?.out).toBe('left');
  });

  it('a group that was renamed away is named', () => {
    const groups = [groupOf('Engineers', [jane])];
    expect(codes({ ...joined, groups })).toEqual(['group_missing']);
  });
});

describe('who leaves', () => {
  const principals = applied(joined);
  it.each<[string, Partial<World>]>([
    ['the group', { groups: [groupOf('Engineering', [])] }],
    ['the organisation', { users: [{ ...jane, active: false }] }],
    ['by being deleted', { users: [] }],
    ['with the template', { templates: [] }],
    [
      'while a row cannot be read',
      { users: [{ ...jane, active: false }], unreadable: [{ kind: 'group', id: 'x' }] },
    ],
  ])('%s is suspended, without groups and names', (_, change) => {
    const { kind, after } = only(plan({ ...joined, principals, ...change }).moves);
    expect(kind).toBe('left');
    expect(after).toMatchObject({ status: 'suspended', groups: [], awsPrincipals: [], version: 2 });
    expect(after.directory).toMatchObject({ out: 'left', ending: true });
    expect(after.signIn).toBeUndefined();
    expect(after.persons).toEqual(['jane@bank.example']);
  });

  it('is taken back from until that is done, even where they come back meanwhile', () => {
    const before = only(plan({ ...joined, users: [], principals }).moves).after;
    for (const users of [[], [jane]]) {
      const { kind, after } = only(plan({ ...joined, users, principals: [before] }).moves);
      expect([kind, after]).toEqual(['left', before]);
    }
  });

  it('is who they were when they return, and what a change stopped stays stopped', () => {
    const left = applied({ ...joined, users: [], principals });
    expect(plan({ ...joined, users: [], principals: left }).moves).toEqual([]);
    const { kind, after } = only(plan({ ...joined, principals: left }).moves);
    expect([kind, after.status, after.id]).toEqual(['returned', 'active', principalIdOf(jane)]);

    const stopped = principals.map((each) => ({ ...each, status: 'suspended' as const, version: 2 }));
    const gone = applied({ ...joined, users: [], principals: stopped });
    const back = applied({ ...joined, principals: gone });
    expect(only(back).status).toBe('suspended');
    expect(plan({ ...joined, principals: back }).moves).toEqual([]);
  });
});

describe('whom a change suspended', () => {
  const principals = applied(joined).map((each) => ({ ...each, status: 'suspended' as const, version: 2 }));
  const anew = userOf('jane', { userName: 'Jane' });
  const world = { users: [anew], groups: [groupOf('Engineering', [anew])] };

  it('stays suspended when they are deleted and made anew, until a change ends that', () => {
    // All in one reading, and with one between.
    for (const before of [principals, applied({ users: [], groups: world.groups, principals })]) {
      const after = applied({ ...world, principals: before });
      const again = after.find(({ directory }) => directory?.user === anew.id) as Principal;
      expect(again.status).toBe('suspended');
      expect(plan({ ...world, principals: after }).moves).toEqual([]);
      const ended = after.map((each) => (each === again ? { ...again, status: 'active' as const } : each));
      expect(plan({ ...world, principals: ended }).moves).toEqual([]);
    }
  });

  it('is so by an e-mail that somebody else comes to have', () => {
    const bob = userOf('bob');
    const groups = [groupOf('Engineering', [bob])];
    const gone = applied({ users: [bob], groups, principals });
    expect(gone.find(({ directory }) => directory?.user === bob.id)?.status).toBe('active');
    const renamed = { ...bob, emails: [{ value: 'JANE@bank.example' }] };
    expect(only(plan({ users: [renamed], groups, principals: gone }).moves).after.status).toBe('suspended');
  });

  it('may leave for good by a change, too, while they are out', () => {
    const left = applied({ ...joined, users: [], principals: applied(joined) });
    const stopped = left.map((each) => ({
      ...each,
      directory: { ...each.directory, stopped: true as const },
      version: 9,
    })) as Principal[];
    expect(only(plan({ ...joined, principals: stopped }).moves).after.status).toBe('suspended');
  });
});

describe('a directory that cannot be read', () => {
  const unreadable = [{ kind: 'user', id: jane.id }];
  it('admits nobody new and changes nobody, and says so', () => {
    const john = userOf('john');
    const users = [john];
    const groups = [groupOf('Engineering', [jane, john])];
    const world = { users, groups, principals: applied(joined), unreadable };
    expect(plan(world).moves).toEqual([]);
    expect(plan(world).problems).toEqual([{ code: 'unreadable', kind: 'user', id: jane.id }]);
  });
});

describe('who moves', () => {
  const principals = applied(joined);
  it('keeps every name they had as a person, so that none is shed', () => {
    const renamed = { ...jane, userName: 'jane.roe', emails: [{ value: 'jane.roe@bank.example' }] };
    const { kind, after } = only(plan({ ...joined, users: [renamed], principals }).moves);
    expect([kind, after.id]).toEqual(['moved', principalIdOf(jane)]);
    expect(after.persons).toEqual(['jane@bank.example', 'jane.roe@bank.example']);
  });

  it('gets the template’s new policy', () => {
    const templates = [templateOf({ policy: 'Only reading.', version: 2 })];
    const { kind, policy } = only(plan({ ...joined, templates, principals }).moves);
    expect([kind, policy]).toEqual(['moved', 'Only reading.']);
  });

  it('loses nothing where Slack was not asked', () => {
    const templates = [templateOf({ slackByEmail: true })];
    const world = { ...joined, templates, slack: [['jane@bank.example', 'U123'] as [string, string]] };
    expect(plan({ ...joined, templates, principals: applied(world) }).moves).toEqual([]);
  });
});

it('leaves alone whom people wrote', () => {
  expect(plan({ users: [], groups: [], principals: [handWritten({})] }).moves).toEqual([]);
});

describe('a change to somebody whom the directory made', () => {
  const [current] = applied(joined) as [Principal];
  it.each<[string, object, boolean]>([
    ['suspends', { status: 'suspended' }, true],
    ['enrols a passkey', { passkeys: [makePasskey().passkey] }, true],
    ['gives a group', { groups: ['employees', 'admins'] }, false],
    ['gives another user', { directory: { ...current.directory, user: crypto.randomUUID() } }, false],
    ['stops who is in', { directory: { ...current.directory, stopped: true } }, false],
    ['makes another person', { persons: ['somebody@bank.example'] }, false],
  ])('%s', (_, change, allowed) => {
    expect(isLeftToPeople(current, { ...current, ...change } as Principal)).toBe(allowed);
    expect(isLeftToPeople(undefined, current)).toBe(false);
  });

  it('who is out keeps them suspended when they return, and takes nothing else back', () => {
    const [out] = applied({ ...joined, users: [], principals: [current] }) as [Principal];
    const stopped = { ...out, directory: { ...out.directory, stopped: true } } as Principal;
    expect(isLeftToPeople(out, stopped)).toBe(true);
    expect(isLeftToPeople(stopped, out)).toBe(false);
    const { out: _, ...back } = stopped.directory ?? {};
    expect(isLeftToPeople(out, { ...stopped, directory: back } as Principal)).toBe(false);
  });
});
