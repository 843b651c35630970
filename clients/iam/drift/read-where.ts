import { PosternError } from '../../sdk/postern-error.ts';
import type { Where } from './across-worlds.ts';

/** What conditions come to, as written on a command line: `IsProd=true`. Throws `invalid_policy`. */
export function readWhere(written: readonly string[]): Where {
  const where = new Map<string, boolean>();
  for (const text of written) {
    const [, name = '', value] = /^([A-Za-z0-9]{1,255})=(true|false)$/.exec(text) ?? [];
    if (value === undefined || where.has(name))
      throw new PosternError({
        code: 'invalid_policy',
        detail: `${text} does not say what a condition is: write each once, as IsProd=true or IsProd=false.`,
      });
    where.set(name, value === 'true');
  }
  return where;
}

/** Throws `invalid_policy` where a condition is named that decides nothing: it may be a slip. */
export function refuseUnknown(where: Where, known: ReadonlySet<string>): void {
  const unknown = [...where.keys()].filter((name) => !known.has(name));
  if (unknown.length > 0)
    throw new PosternError({
      code: 'invalid_policy',
      detail: `No condition ${unknown.join(', ')} decides about any of these policies${known.size > 0 ? `; there are ${[...known].sort().join(', ')}` : ''}.`,
    });
}
