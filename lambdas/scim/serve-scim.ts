import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import * as z from 'zod';
import { DependencyUnavailable } from '../shared/domain/errors.ts';
import {
  type DirectoryGroup,
  type DirectoryUser,
  directoryIdSchema,
} from '../shared/domain/people/directory.ts';
import type { Directory } from '../shared/domain/people/people-problem.ts';
import { type DirectoryPort, makeDirectoryChanges } from './change-directory.ts';
import { checkBearer } from './check-bearer.ts';
import { parseFilter, type ScimFilter } from './parse-filter.ts';
import { patchGroup, patchUser, readGroup, readUser } from './read-attributes.ts';
import { errorBody, ScimError } from './scim-error.ts';
import { resourceTypes, schemas, serviceProviderConfig } from './scim-schemas.ts';
import { groupView, onlyWanted, pageOf, userView } from './views.ts';

export type ScimPorts = {
  readonly directory: DirectoryPort & {
    userNamed(userName: string): Promise<DirectoryUser | undefined>;
    readDirectory(): Promise<Directory>;
  };
  /** What the provider is known by. */
  readonly token: () => Promise<string>;
  readonly clock: () => Date;
  readonly log: (fields: Readonly<Record<string, unknown>>) => void;
};

/** Bytes of a body: a group's members fit. */
const MOST_BODY_BYTES = 1024 * 1024;
/** What the API's paths begin with, before those that this application sees. */
const DOOR = '/scim';
const SCIM_JSON = { 'content-type': 'application/scim+json' };

/** Where the caller found this service. The sandbox has no TLS. */
function baseOf(url: string): string {
  const { host, hostname } = new URL(url);
  const scheme = hostname === '127.0.0.1' || hostname === 'localhost' ? 'http' : 'https';
  return `${scheme}://${host}${DOOR}/v2`;
}

const idOf = (id: string): string => {
  const parsed = directoryIdSchema.safeParse(id);
  if (!parsed.success) throw new ScimError(404, 'There is no resource of this id.');
  return parsed.data;
};

const hasEmail = ({ emails = [] }: DirectoryUser, wanted: string) =>
  emails.some(({ value }) => value.toLowerCase() === wanted.toLowerCase());

/** Users by a filter; names and e-mails are compared without regard to capitals, ids to the letter. */
function fitsUser(user: DirectoryUser, { attribute, value }: ScimFilter): boolean {
  if (attribute === 'id') return user.id === value;
  if (attribute === 'externalid') return user.externalId === value;
  if (attribute === 'emails.value') return hasEmail(user, value);
  const text = attribute === 'username' ? user.userName : user.displayName;
  return text?.toLowerCase() === value.toLowerCase();
}

function fitsGroup(group: DirectoryGroup, { attribute, value }: ScimFilter): boolean {
  if (attribute === 'id') return group.id === value;
  if (attribute === 'externalid') return group.externalId === value;
  return attribute === 'displayname' && group.displayName.toLowerCase() === value.toLowerCase();
}

type Query = Readonly<Record<string, string | undefined>>;

const names = z.array(z.string().max(300)).max(50).optional();
const searchSchema = z.object({
  filter: z.string().optional(),
  startIndex: z.number().optional(),
  count: z.number().optional(),
  attributes: names,
  excludedAttributes: names,
});

/** A search that comes in a body, as it would in an address. @see https://www.rfc-editor.org/rfc/rfc7644#section-3.4.3 */
function searchOf(body: unknown): Query {
  const parsed = searchSchema.safeParse(body);
  if (!parsed.success) throw new ScimError(400, 'The search is not one.', 'invalidValue');
  const entries = Object.entries(parsed.data).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries.map(([name, value]) => [name, String(value)]));
}

async function bodyOf(request: { text(): Promise<string> }): Promise<unknown> {
  try {
    return JSON.parse(await request.text());
  } catch {
    throw new ScimError(400, 'The body is not JSON.', 'invalidSyntax');
  }
}

/** SCIM 2.0 (RFC 7643, 7644) for one identity provider: users and groups, and what it needs to find out about them. */
export function makeScimApp({ directory, token, clock, log }: ScimPorts): Hono {
  const changes = makeDirectoryChanges(directory, clock);
  const app = new Hono().basePath('/v2');
  const answer = (body: unknown, status = 200, headers: Record<string, string> = {}) =>
    new Response(JSON.stringify(body), { status, headers: { ...SCIM_JSON, ...headers } });
  const created = (view: Record<string, unknown>) =>
    answer(view, 201, { location: String((view.meta as { location: unknown }).location) });

  app.onError((error) => {
    if (error instanceof ScimError) {
      const headers = error.status === 401 ? { 'www-authenticate': 'Bearer realm="postern"' } : {};
      return answer(errorBody(error.status, error.message, error.scimType), error.status, headers);
    }
    const isPassing = error instanceof DependencyUnavailable;
    log({ error: error.name, because: isPassing ? error.message : undefined });
    return answer(errorBody(isPassing ? 503 : 500, 'Not done; try again.'), isPassing ? 503 : 500);
  });
  app.notFound(() => answer(errorBody(404, 'There is nothing here.'), 404));
  app.use(async (c, next) => {
    await checkBearer(c.req.header('authorization'), token);
    await next();
    log({
      method: c.req.method,
      path: c.req.path.replace(/[^\x21-\x7e]/g, '?').slice(0, 120),
      status: c.res.status,
    });
  });
  app.use(
    bodyLimit({
      maxSize: MOST_BODY_BYTES,
      onError: () => answer(errorBody(413, 'The body is too large.'), 413),
    }),
  );

  app.get('/ServiceProviderConfig', (c) => answer(serviceProviderConfig(baseOf(c.req.url))));
  const described: readonly [string, (base: string) => readonly { readonly id: string }[]][] = [
    ['/ResourceTypes', resourceTypes],
    ['/Schemas', schemas],
  ];
  for (const [path, list] of described) {
    app.get(path, (c) => answer(pageOf(list(baseOf(c.req.url)), {}, (each) => ({ ...each }))));
    app.get(`${path}/:id`, (c) => {
      const found = list(baseOf(c.req.url)).find(({ id }) => id === c.req.param('id'));
      return found ? answer(found) : answer(errorBody(404, 'There is none of this id.'), 404);
    });
  }
  app.all('/Me', () => answer(errorBody(501, 'A provider is no user.'), 501));

  async function listUsers(query: Query, base: string): Promise<Response> {
    const filter = parseFilter(query.filter);
    // What providers ask before each user they write takes no reading of them all.
    const users =
      filter?.attribute === 'username'
        ? [await directory.userNamed(filter.value)].flatMap((user) => user ?? [])
        : (await directory.readDirectory()).users;
    const fitting = filter ? users.filter((user) => fitsUser(user, filter)) : users;
    return answer(pageOf(fitting, query, (user) => userView(user, base)));
  }
  app.get('/Users', (c) => listUsers(c.req.query(), baseOf(c.req.url)));
  app.post('/Users/.search', async (c) => listUsers(searchOf(await bodyOf(c.req)), baseOf(c.req.url)));
  app.post('/Users', async (c) =>
    created(userView(await changes.createUser(await readUser(await bodyOf(c.req))), baseOf(c.req.url))),
  );
  app.get('/Users/:id', async (c) => {
    const user = await directory.user(idOf(c.req.param('id')));
    if (!user) throw new ScimError(404, 'There is no resource of this id.');
    return answer(onlyWanted(userView(user, baseOf(c.req.url)), c.req.query()));
  });
  app.put('/Users/:id', async (c) => {
    const body = await bodyOf(c.req);
    const user = await changes.changeUser(idOf(c.req.param('id')), (before) => readUser(body, before));
    return answer(userView(user, baseOf(c.req.url)));
  });
  app.patch('/Users/:id', async (c) => {
    const body = await bodyOf(c.req);
    const base = baseOf(c.req.url);
    const user = await changes.changeUser(idOf(c.req.param('id')), (before) =>
      patchUser(body, userView(before, base), before),
    );
    return answer(userView(user, base));
  });
  app.delete('/Users/:id', async (c) => {
    await changes.remove('user', idOf(c.req.param('id')));
    return new Response(null, { status: 204 });
  });

  async function listGroups(query: Query, base: string): Promise<Response> {
    const filter = parseFilter(query.filter);
    const { groups } = await directory.readDirectory();
    const fitting = filter ? groups.filter((group) => fitsGroup(group, filter)) : groups;
    return answer(pageOf(fitting, query, (group) => groupView(group, base)));
  }
  app.get('/Groups', (c) => listGroups(c.req.query(), baseOf(c.req.url)));
  app.post('/Groups/.search', async (c) => listGroups(searchOf(await bodyOf(c.req)), baseOf(c.req.url)));
  app.post('/Groups', async (c) =>
    created(groupView(await changes.createGroup(await readGroup(await bodyOf(c.req))), baseOf(c.req.url))),
  );
  app.get('/Groups/:id', async (c) => {
    const group = await directory.group(idOf(c.req.param('id')));
    if (!group) throw new ScimError(404, 'There is no resource of this id.');
    return answer(onlyWanted(groupView(group, baseOf(c.req.url)), c.req.query()));
  });
  app.put('/Groups/:id', async (c) => {
    const attributes = await readGroup(await bodyOf(c.req));
    const group = await changes.changeGroup(idOf(c.req.param('id')), async () => attributes);
    return answer(groupView(group, baseOf(c.req.url)));
  });
  app.patch('/Groups/:id', async (c) => {
    const body = await bodyOf(c.req);
    const base = baseOf(c.req.url);
    const group = await changes.changeGroup(idOf(c.req.param('id')), (before) =>
      patchGroup(body, groupView(before, base), before),
    );
    return answer(groupView(group, base));
  });
  app.delete('/Groups/:id', async (c) => {
    await changes.remove('group', idOf(c.req.param('id')));
    return new Response(null, { status: 204 });
  });
  // Of everything, as RFC 7644 has it.
  app.post('/.search', async (c) => {
    const query = searchOf(await bodyOf(c.req));
    const filter = parseFilter(query.filter);
    const { users, groups } = await directory.readDirectory();
    const base = baseOf(c.req.url);
    const fitting = [
      ...users.filter((user) => !filter || fitsUser(user, filter)),
      ...groups.filter((group) => !filter || fitsGroup(group, filter)),
    ];
    return answer(
      pageOf(fitting, query, (row) => (row.kind === 'user' ? userView(row, base) : groupView(row, base))),
    );
  });

  // What there is, and cannot be done.
  for (const path of [
    '/ServiceProviderConfig',
    '/ResourceTypes',
    '/ResourceTypes/:id',
    '/Schemas',
    '/Schemas/:id',
  ])
    app.all(path, () => answer(errorBody(405, 'This can be read alone.'), 405, { allow: 'GET' }));
  return app;
}
