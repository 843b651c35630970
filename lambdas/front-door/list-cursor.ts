import * as z from 'zod';
import { requestIdSchema } from '../shared/domain/access-request.ts';
import { Problem } from '../shared/http/problems.ts';

const cursorSchema = z.strictObject({ after: requestIdSchema });

/** Where the next page of a list begins. Opaque to callers, and worth nothing: lists are the caller's own. */
export function cursorAfter(requestId: string): string {
  return Buffer.from(JSON.stringify({ after: requestId })).toString('base64url');
}

/** The request id a cursor stands for, if it is one of this principal's. */
export function readCursor(cursor: string, principalId: string): string {
  try {
    const { after } = cursorSchema.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')));
    if (after.startsWith(`${principalId}-`)) return after;
  } catch {
    // Falls through to the one answer for everything that is no cursor.
  }
  const errors = [{ field: 'cursor', message: 'is not a nextCursor of this list' }];
  throw new Problem('invalid_request', 'cursor: send the last answer’s nextCursor, unchanged.', { errors });
}
