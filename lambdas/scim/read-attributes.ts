import { Messages, Schemas } from 'scimmy';
import * as z from 'zod';
import {
  type GroupAttributes,
  groupAttributesSchema,
  type UserAttributes,
  userAttributesSchema,
} from '../shared/domain/people/directory.ts';
import { ScimError, type ScimType } from './scim-error.ts';
import './scim-schemas.ts';

type Values = Record<string, unknown>;

/** Entra ID writes booleans so, unless it is told not to. */
const readBoolean = (value: unknown): unknown =>
  typeof value === 'string' && /^(true|false)$/i.test(value) ? value.toLowerCase() === 'true' : value;

const isValues = (value: unknown): value is Values =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const withBoolean = (value: unknown): unknown =>
  isValues(value)
    ? Object.fromEntries(
        Object.entries(value).map(([name, each]) => [
          name,
          name.toLowerCase() === 'active' ? readBoolean(each) : each,
        ]),
      )
    : value;

/** What the library finds wrong, without its words, which quote what was sent. */
function refusal(error: unknown): ScimError {
  if (error instanceof ScimError) return error;
  const scimType = (error as { scimType?: unknown }).scimType;
  const known = ['invalidPath', 'invalidSyntax', 'mutability', 'noTarget'].find((each) => each === scimType);
  return new ScimError(
    400,
    'An attribute, a path or a value is not as the schema has it.',
    (known ?? 'invalidValue') as ScimType,
  );
}

async function reading<T>(read: () => T | Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    throw refusal(error);
  }
}

function parsed<T>(schema: z.ZodType<T>, value: unknown): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const field = issue?.path.map(String).join('.') ?? '';
  const isTooMany = issue?.code === 'too_big' && field === 'members';
  throw isTooMany
    ? new ScimError(400, 'The group has more members than one can have here.', 'tooMany')
    : new ScimError(400, `${field}: missing, too long, or not what it must be.`, 'invalidValue');
}

/** As it stands after the library read it. */
const plain = (resource: unknown): Values => JSON.parse(JSON.stringify(resource)) as Values;

function userOf(resource: unknown, activeBefore: boolean | undefined): UserAttributes {
  const values = plain(resource);
  const emails = Array.isArray(values.emails) ? values.emails.filter((each) => each?.value) : undefined;
  const { emails: _, ...rest } = values;
  return parsed(userAttributesSchema, {
    ...(activeBefore !== undefined && { active: activeBefore }),
    ...rest,
    ...(emails && emails.length > 0 && { emails }),
  });
}

const memberSchema = z.array(z.object({ value: z.string() }));

function groupOf(resource: unknown): GroupAttributes {
  const { members = [], ...rest } = plain(resource);
  const values = parsed(memberSchema, members).map(({ value }) => value);
  return parsed(groupAttributesSchema, { ...rest, members: [...new Set(values)] });
}

/**
 * The whole user that is sent. What is left out is gone, but for `active`: half an answer makes nobody active who was
 * not. A new one must say it.
 */
export const readUser = (body: unknown, before?: UserAttributes): Promise<UserAttributes> =>
  reading(() => userOf(new Schemas.User(withBoolean(body), 'in'), before?.active));

/** The whole group that is sent: without members it has none. */
export const readGroup = (body: unknown): Promise<GroupAttributes> =>
  reading(() => groupOf(new Schemas.Group(body, 'in')));

/** What a path may begin with, and need not. */
const CORE_SCHEMA = /^urn:ietf:params:scim:schemas:core:2\.0:(User|Group):/i;

const MOST_OPERATIONS = 1000;
const patchSchema = z.object({
  Operations: z
    .array(
      z.object({
        op: z.string().max(10),
        path: z.string().max(512).optional(),
        value: z.unknown().optional(),
      }),
    )
    .min(1)
    .max(MOST_OPERATIONS),
});

/** The operations, as the library takes them: without what providers repeat that cannot change. */
function readOperations(body: unknown) {
  const { Operations } = parsed(patchSchema, body);
  const fixed = new Set(['id', 'schemas', 'meta']);
  return Operations.map(({ op, path: named, value }) => {
    const path = named?.replace(CORE_SCHEMA, '');
    const isActive = path?.toLowerCase() === 'active';
    const whole =
      path === undefined && isValues(value)
        ? Object.fromEntries(Object.entries(value).filter(([name]) => !fixed.has(name)))
        : value;
    return {
      op: op.toLowerCase() as 'add' | 'remove' | 'replace',
      ...(path !== undefined && { path }),
      ...(value !== undefined && { value: isActive ? readBoolean(value) : withBoolean(whole) }),
    };
  });
}

const patchOf = (body: unknown) =>
  new Messages.PatchOp({ schemas: [Messages.PatchOp.id], Operations: readOperations(body) });

/** A user as they are after a PATCH. `found` is the user as SCIM shows them. */
export const patchUser = (body: unknown, found: Values, before: UserAttributes): Promise<UserAttributes> =>
  reading(async () => {
    const resource = new Schemas.User(found, 'out');
    const patched = await patchOf(body).apply(resource, async (instance) => instance);
    return patched ? userOf(patched, before.active) : before;
  });

/** A group as it is after a PATCH. */
export const patchGroup = (body: unknown, found: Values, before: GroupAttributes): Promise<GroupAttributes> =>
  reading(async () => {
    const resource = new Schemas.Group(found, 'out');
    const patched = await patchOf(body).apply(resource, async (instance) => instance);
    return patched ? groupOf(patched) : before;
  });
