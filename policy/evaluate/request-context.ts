import type { AccessRequest } from './access-request.ts';

/** A request's condition keys in lower case; a key that has no values is not there. */
export type RequestContext = ReadonlyMap<string, string | readonly string[]>;

export function requestContext(context: AccessRequest['context']): RequestContext {
  const values = new Map<string, string | readonly string[]>();
  for (const [key, value] of Object.entries(context)) {
    if (typeof value === 'string' || value.length > 0) values.set(key.toLowerCase(), value);
  }
  return values;
}
