import { statesError } from '../states-error.ts';

type Page<T> = { items: T[]; nextToken?: string };

/** One page of a list. The token is the number of items before it; anything else is an InvalidToken. */
export function pageOf<T>(all: readonly T[], maxResults: number | undefined, nextToken?: string): Page<T> {
  const start = nextToken === undefined ? 0 : readToken(nextToken);
  // 0 means the default, as on AWS.
  const size = maxResults || 100;
  const end = start + size;
  return {
    items: all.slice(start, end),
    ...(end < all.length && { nextToken: Buffer.from(`from:${end}`).toString('base64url') }),
  };
}

function readToken(token: string): number {
  const match = /^from:(\d{1,9})$/.exec(Buffer.from(token, 'base64url').toString());
  if (!match) throw statesError('InvalidToken', `Invalid Token: '${token.slice(0, 64)}'`);
  return Number(match[1]);
}
