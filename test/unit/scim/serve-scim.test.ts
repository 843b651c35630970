import { describe, expect, it } from 'vitest';
import { GROUP, jane, makeDirectory, patchOf, TOKEN, USER } from './directory-in-memory.ts';

describe('the token', () => {
  it.each<[string, string | undefined, string]>([
    ['none', undefined, TOKEN],
    ['another', `Bearer ${TOKEN}x`, TOKEN],
    ['the beginning of it', `Bearer ${TOKEN.slice(0, -1)}`, TOKEN],
    ['one of another scheme', `Basic ${TOKEN}`, TOKEN],
    ['a secret that nobody set well', 'Bearer changeme', 'changeme'],
    ['nothing, as the secret is', 'Bearer  ', ''],
  ])('admits nobody with %s', async (_, authorization, secret) => {
    const { call, rows } = makeDirectory(secret);
    const headers = authorization === undefined ? { authorization: '' } : { authorization };
    for (const path of ['/Users', '/ServiceProviderConfig', '/nothing'])
      expect((await call('GET', path, undefined, headers)).status).toBe(401);
    const refused = await call('POST', '/Users', jane, headers);
    expect([refused.status, rows.size]).toEqual([401, 0]);
    expect(refused.headers.get('www-authenticate')).toContain('Bearer');
  });

  it('is in no log line and no answer', async () => {
    const { call, logged } = makeDirectory();
    const answer = await call('GET', '/Users');
    expect(JSON.stringify([logged, answer.body])).not.toContain(TOKEN);
    expect(logged).toHaveLength(1);
  });
});

describe('users', () => {
  it('are created, found, replaced and deleted', async () => {
    const { call } = makeDirectory();
    const created = await call('POST', '/Users', jane);
    expect(created.status).toBe(201);
    const { id, meta } = created.body;
    expect(created.headers.get('location')).toBe(`https://scim.example/scim/v2/Users/${id}`);
    expect(created.headers.get('content-type')).toBe('application/scim+json');
    expect(meta.resourceType).toBe('User');
    for (const filter of [
      'userName eq "JANE@bank.example"',
      'externalId eq "ext-1"',
      `id eq "${id}"`,
      'emails.value eq "jane@BANK.example"',
      `${USER}:userName Eq "jane@bank.example"`,
    ]) {
      const { body } = await call('GET', `/Users?filter=${encodeURIComponent(filter)}`);
      expect([filter, body.totalResults, body.Resources[0]?.id]).toEqual([filter, 1, id]);
    }
    expect((await call('GET', '/Users?filter=displayName%20eq%20%22x%22')).body.totalResults).toBe(0);
    const replaced = await call('PUT', `/Users/${id}`, { ...jane, displayName: 'Jane', name: undefined });
    expect(replaced.body).toMatchObject({ id, displayName: 'Jane', active: true });
    expect(replaced.body.name).toBeUndefined();
    expect((await call('DELETE', `/Users/${id}`)).status).toBe(204);
    expect((await call('GET', `/Users/${id}`)).status).toBe(404);
    expect((await call('DELETE', `/Users/${id}`)).status).toBe(404);
  });

  it('have a name that nobody else has', async () => {
    const { call } = makeDirectory();
    await call('POST', '/Users', jane);
    const other = await call('POST', '/Users', { ...jane, userName: 'Jane@bank.example' });
    expect([other.status, other.body.scimType]).toEqual([409, 'uniqueness']);
    const john = await call('POST', '/Users', { ...jane, userName: 'john' });
    const renamed = await call(
      'PATCH',
      `/Users/${john.body.id}`,
      patchOf({ op: 'replace', path: 'userName', value: 'JANE@bank.example' }),
    );
    expect([renamed.status, renamed.body.scimType]).toEqual([409, 'uniqueness']);
  });

  it.each<[string, object]>([
    ['RFC 7644', { op: 'replace', path: 'active', value: false }],
    ['without a path', { op: 'replace', value: { active: false } }],
    ['Entra ID', { op: 'Replace', path: 'active', value: 'False' }],
    ['Entra ID without a path', { op: 'Replace', value: { active: 'False', id: 'whatever' } }],
    ['with the schema', { op: 'replace', path: `${USER}:active`, value: 'false' }],
    ['beside what is not kept', { op: 'replace', value: { active: false, nickName: 'J', title: 'x' } }],
  ])('leave, as %s says it', async (_, operation) => {
    const { call } = makeDirectory();
    const { body } = await call('POST', '/Users', jane);
    const patched = await call('PATCH', `/Users/${body.id}`, patchOf(operation));
    expect([patched.status, patched.body.active]).toEqual([200, false]);
    expect(patched.body.userName).toBe(jane.userName);
  });

  it('who left do not come back by half an answer', async () => {
    const { call } = makeDirectory();
    const { body } = await call('POST', '/Users', { ...jane, active: false });
    const { active: _, ...half } = jane;
    expect((await call('PUT', `/Users/${body.id}`, half)).body.active).toBe(false);
    const removed = await call('PATCH', `/Users/${body.id}`, patchOf({ op: 'remove', path: 'active' }));
    expect((await call('GET', `/Users/${body.id}`)).body.active).toBe(false);
    expect(removed.status).toBe(200);
  });

  it.each<[string, unknown, string]>([
    ['no JSON', '{', 'invalidSyntax'],
    ['no name', { ...jane, userName: undefined }, 'invalidValue'],
    ['nothing said of whether they are there', { ...jane, active: undefined }, 'invalidValue'],
    ['a name that is none', { ...jane, userName: { toString: 'x' } }, 'invalidValue'],
    ['a name too long', { ...jane, userName: 'x'.repeat(300) }, 'invalidValue'],
    ['half a surrogate pair', { ...jane, displayName: '\ud800' }, 'invalidValue'],
    ['a list', [jane], 'invalidValue'],
  ])('are refused with %s', async (_, body, scimType) => {
    const { call, rows } = makeDirectory();
    const refused = await call('POST', '/Users', body);
    expect([refused.status, refused.body.scimType, rows.size]).toEqual([400, scimType, 0]);
    expect(refused.body.schemas).toEqual(['urn:ietf:params:scim:api:messages:2.0:Error']);
  });

  it('keep no password, no telephone, and nothing that was put beside', async () => {
    const { call, rows } = makeDirectory();
    const more = {
      password: 'hunter2',
      phoneNumbers: [{ value: '1' }],
      persons: ['admin'],
      kind: 'template',
      version: 9,
    };
    await call('POST', '/Users', { ...jane, ...more });
    const [row] = [...rows.values()];
    expect(Object.keys(row ?? {}).sort()).toEqual([
      'active',
      'changedAt',
      'createdAt',
      'emails',
      'externalId',
      'id',
      'kind',
      'name',
      'userName',
      'version',
    ]);
    expect([row?.kind, row?.version]).toEqual(['user', 1]);
  });

  it.each([
    '__proto__.isAdmin',
    'constructor.prototype.isAdmin',
    'meta.version',
    'groups',
    'password[',
    'emails[value co "x"',
  ])('are not patched at %s', async (path) => {
    const { call, rows } = makeDirectory();
    const { body } = await call('POST', '/Users', jane);
    const before = JSON.stringify([...rows.values()]);
    await call('PATCH', `/Users/${body.id}`, patchOf({ op: 'replace', path, value: 'x' }));
    expect(JSON.stringify([...rows.values()])).toBe(before);
    expect(({} as Record<string, unknown>).isAdmin).toBeUndefined();
  });
});

describe('groups', () => {
  async function withGroup() {
    const directory = makeDirectory();
    const ids: string[] = [];
    for (const userName of ['a', 'b', 'c'])
      ids.push((await directory.call('POST', '/Users', { ...jane, userName })).body.id);
    const members = ids.map((value) => ({ value }));
    const { body } = await directory.call('POST', '/Groups', {
      schemas: [GROUP],
      displayName: 'Engineering',
      members,
    });
    const membersOf = async () =>
      ((await directory.call('GET', `/Groups/${body.id}`)).body.members ?? []).map(
        ({ value }: { value: string }) => value,
      );
    return { ...directory, ids: ids as [string, string, string], group: `/Groups/${body.id}`, membersOf };
  }

  it.each<[string, (id: string) => object]>([
    ['RFC 7644', (id) => ({ op: 'remove', path: `members[value eq "${id}"]` })],
    ['Entra ID', (id) => ({ op: 'Remove', path: 'members', value: [{ value: id }] })],
  ])('lose the member that is named, and no other, as %s says it', async (_, operation) => {
    const { call, group, ids, membersOf } = await withGroup();
    expect((await call('PATCH', group, patchOf(operation(ids[1])))).status).toBe(200);
    expect(await membersOf()).toEqual([ids[0], ids[2]]);
    expect((await call('PATCH', group, patchOf(operation(ids[1])))).status).toBe(200);
    expect(await membersOf()).toEqual([ids[0], ids[2]]);
  });

  it('gain each member once, and are emptied by a whole that has none', async () => {
    const { call, group, ids, membersOf } = await withGroup();
    await call('PATCH', group, patchOf({ op: 'add', path: 'members', value: [{ value: ids[0] }] }));
    expect(await membersOf()).toEqual(ids);
    await call('PUT', group, { schemas: [GROUP], displayName: 'Engineering' });
    expect(await membersOf()).toEqual([]);
  });

  it('lose nothing of two who write at once', async () => {
    const { call, group, ids, membersOf, here, rows } = await withGroup();
    here.meanwhile = () => {
      const row = rows.get(group.slice('/Groups/'.length));
      if (row?.kind === 'group')
        rows.set(row.id, { ...row, members: [...row.members, 'late'], version: row.version + 1 });
    };
    await call('PATCH', group, patchOf({ op: 'remove', path: `members[value eq "${ids[0]}"]` }));
    expect(await membersOf()).toEqual([ids[1], ids[2], 'late']);
  });

  it('have at most as many members as a row holds', async () => {
    const { call } = makeDirectory();
    const members = Array.from({ length: 5001 }, (_, value) => ({ value: String(value) }));
    const refused = await call('POST', '/Groups', { displayName: 'All', members });
    expect([refused.status, refused.body.scimType]).toEqual([400, 'tooMany']);
    const large = await call('POST', '/Groups', { displayName: 'x'.repeat(1024 * 1024) });
    expect(large.status).toBe(413);
  });

  it('are listed without members where that is asked', async () => {
    const { call } = await withGroup();
    const { body } = await call(
      'GET',
      '/Groups?excludedAttributes=members&filter=displayName%20eq%20%22engineering%22',
    );
    expect(body.Resources).toHaveLength(1);
    expect(body.Resources[0]).toMatchObject({ displayName: 'Engineering' });
    expect(body.Resources[0].members).toBeUndefined();
  });
});

describe('lists', () => {
  it('have pages', async () => {
    const { call } = makeDirectory();
    for (const userName of ['a', 'b', 'c']) await call('POST', '/Users', { ...jane, userName });
    const page = async (query: string) => {
      const { body } = await call('GET', `/Users?${query}`);
      return [body.totalResults, body.startIndex, body.itemsPerPage];
    };
    expect(await page('startIndex=2&count=1')).toEqual([3, 2, 1]);
    expect(await page('startIndex=-5&count=0')).toEqual([3, 1, 0]);
    expect(await page('startIndex=9')).toEqual([3, 9, 0]);
    expect(await page('count=many')).toEqual([3, 1, 3]);
  });

  it('are searched by a body too', async () => {
    const { call } = makeDirectory();
    for (const userName of ['a', 'b']) await call('POST', '/Users', { ...jane, userName });
    const { body } = await call('POST', '/Users/.search', {
      filter: 'userName eq "b"',
      attributes: ['userName'],
    });
    expect(body.Resources).toEqual([expect.objectContaining({ userName: 'b' })]);
    expect(body.Resources[0].emails).toBeUndefined();
    expect((await call('POST', '/Groups/.search', { filter: 1 })).status).toBe(400);
    expect((await call('POST', '/Groups/.search', {})).body.totalResults).toBe(0);
  });

  it.each([
    'garbage',
    'userName eq',
    'userName eq "a" or active eq true',
    'password eq "a"',
    'userName co "a"',
    `${'('.repeat(500)}userName eq "a"`,
    `userName eq "${'a'.repeat(1000)}"`,
    'userName eq "\\"',
  ])('refuse a filter that is not theirs: %s', async (filter) => {
    const { call } = makeDirectory();
    const { status, body } = await call('GET', `/Users?filter=${encodeURIComponent(filter)}`);
    expect([status, body.scimType]).toEqual([400, 'invalidFilter']);
  });
});

describe('what there is', () => {
  it('says what it can do, and keeps', async () => {
    const { call } = makeDirectory();
    expect((await call('GET', '/ServiceProviderConfig')).body).toMatchObject({
      patch: { supported: true },
      bulk: { supported: false },
    });
    expect((await call('GET', '/ResourceTypes')).body.Resources.map(({ id }: { id: string }) => id)).toEqual([
      'User',
      'Group',
    ]);
    const { body } = await call('GET', `/Schemas/${USER}`);
    expect(body.attributes.map(({ name }: { name: string }) => name)).toEqual([
      'userName',
      'name',
      'displayName',
      'active',
      'emails',
    ]);
    expect((await call('GET', '/Schemas/none')).status).toBe(404);
    expect((await call('GET', '/Me')).status).toBe(501);
    expect((await call('POST', '/Bulk', {})).status).toBe(404);
    expect((await call('DELETE', '/Schemas')).status).toBe(405);
  });
});
