import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import * as z from 'zod';

const passwordsSchema = z.record(z.string(), z.string());

/** Temporary passwords in a file that its owner alone reads: each is there before somebody has it. */
export function makePasswordsFile(file: string) {
  let count = 0;
  const read = () => (existsSync(file) ? passwordsSchema.parse(JSON.parse(readFileSync(file, 'utf8'))) : {});
  return {
    has: (id: string): boolean => Object.hasOwn(read(), id),
    keep(id: string, password: string): void {
      writeFileSync(file, `${JSON.stringify({ ...read(), [id]: password }, null, 2)}\n`, { mode: 0o600 });
      count += 1;
    },
    /** Passwords that this run put there. */
    added: (): number => count,
  };
}
