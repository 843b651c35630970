import type { z } from 'zod';
import { Problem } from '../shared/http/problems.ts';

/** Where the next page begins. Opaque to callers, and worth nothing: what they may read is looked at anew. */
export const cursorOf = (place: unknown): string => Buffer.from(JSON.stringify(place)).toString('base64url');

/** The place that a cursor stands for. Throws the problem `invalid_request` for what is none. */
export function placeOf<Place>(cursor: string, schema: z.ZodType<Place>): Place {
  try {
    return schema.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')));
  } catch {
    const errors = [{ field: 'cursor', message: 'is not a nextCursor of this list' }];
    throw new Problem('invalid_request', 'cursor: send the last answer’s nextCursor, unchanged.', { errors });
  }
}
