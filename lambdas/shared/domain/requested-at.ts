import { decodeTime, isValid } from 'ulid';

/**
 * When a request was made, in milliseconds since 1970, by the ULID that ends its id. -Infinity for an id without
 * one: what is asked of it holds for any time then.
 */
export function requestedAt(requestId: string): number {
  const id = requestId.slice(requestId.lastIndexOf('-') + 1);
  return isValid(id) ? decodeTime(id) : -Infinity;
}
