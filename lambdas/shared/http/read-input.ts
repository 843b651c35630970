import type { z } from 'zod';
import { Problem } from './problems.ts';

const MAX_BODY_BYTES = 16 * 1024;

/** Fields by which callers try to choose their own grants. */
const GRANT_FIELDS = ['resource', 'actions', 'userId', 'isStaff'];

/** `errors` of a problem: at most ten, and names of the caller's own choice cut short. */
function errorsOf(issues: readonly z.core.$ZodIssue[], whole: string) {
  const errors = issues.flatMap((issue) => {
    const path = issue.path.map(String);
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => ({
        field: [...path, key.slice(0, 64)].join('.'),
        message: 'is not a field of this call',
      }));
    }
    return [{ field: path.join('.') || whole, message: issue.message }];
  });
  return errors.slice(0, 10);
}

/** Parses a part of the call; throws the problem that names each field that does not fit. */
export function parsePart<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  whole: 'body' | 'query' | 'headers',
): z.output<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const errors = errorsOf(parsed.error.issues, whole);
  const detail = errors.map(({ field, message }) => `${field}: ${message}`).join('; ');
  throw new Problem('invalid_request', detail, { errors });
}

/** The body as JSON; undefined where there is none. Strict UTF-8, so that what is digested is what was sent. */
export function readJson(bytes: ArrayBuffer, maxBytes = MAX_BODY_BYTES): unknown {
  if (bytes.byteLength === 0) return undefined;
  if (bytes.byteLength > maxBytes) {
    throw new Problem('body_too_large', `Send at most ${maxBytes / 1024} kB.`, {
      errors: [{ field: 'body', message: `is larger than ${maxBytes / 1024} kB` }],
    });
  }
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw new Problem('invalid_json', 'body: send one JSON object, in UTF-8.', {
      errors: [{ field: 'body', message: 'is not JSON' }],
    });
  }
}

/** Refuses a body by which the caller would choose its own grants. */
export function refuseSelectedGrants(body: unknown): void {
  if (typeof body !== 'object' || body === null) return;
  const named = GRANT_FIELDS.filter((field) => Object.hasOwn(body, field));
  if (named.length === 0) return;
  throw new Problem(
    'grant_not_selectable',
    `Leave out ${named.join(', ')}: say in "reason" what the job is; the broker chooses the grants.`,
    { errors: named.map((field) => ({ field, message: 'cannot be chosen by the caller' })) },
  );
}

/** Query parameters as an object. Repeated ones are refused; those of a presigned URL are no concern of ours. */
export function queryOf(url: URL): Record<string, string> {
  const query = new Map<string, string>();
  for (const [name, value] of url.searchParams) {
    if (/^x-amz-/i.test(name)) continue;
    if (query.has(name)) {
      const errors = [{ field: name.slice(0, 64), message: 'is given more than once' }];
      throw new Problem('invalid_request', 'Give each query parameter once.', { errors });
    }
    query.set(name, value);
  }
  return Object.fromEntries(query);
}
