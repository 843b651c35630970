import type { AccessRequest } from './access-request.ts';

/** A request's condition keys in lower case, each with its values; a key that has none is not there. */
export type RequestContext = ReadonlyMap<string, readonly string[]>;

export function requestContext(context: AccessRequest['context']): RequestContext {
  const values = new Map<string, readonly string[]>();
  for (const [key, value] of Object.entries(context)) {
    const list = typeof value === 'string' ? [value] : value;
    if (list.length > 0) values.set(key.toLowerCase(), list);
  }
  return values;
}
