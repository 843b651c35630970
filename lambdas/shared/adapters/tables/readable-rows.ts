import type { z } from 'zod';
import { logger } from '../runtime/logger.ts';

/**
 * The rows that their schema reads. One that it does not read is left out, so that it stands in nobody's way, and is
 * named in the log by its key and the fields that do not fit, never by what they hold.
 */
export function readableRows<Schema extends z.ZodType>(
  table: string,
  schema: Schema,
  items: readonly Readonly<Record<string, unknown>>[],
  keyNames: readonly string[],
): z.output<Schema>[] {
  return items.flatMap((item) => {
    const row = schema.safeParse(item);
    if (row.success) return [row.data];
    const key = Object.fromEntries(keyNames.map((name) => [name, item[name]]));
    const fields = row.error.issues.map(({ path }) => path.map(String).join('.'));
    logger.error('row not readable', { table, key, fields });
    return [];
  });
}
