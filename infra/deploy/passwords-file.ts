import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import * as z from 'zod';

const passwordsSchema = z.record(z.string(), z.string());

/** Temporary passwords in a file that its owner alone reads: each is there before somebody has it. */
export function makePasswordsFile(file: string) {
  let count = 0;
  return {
    keep(id: string, password: string): void {
      const before = existsSync(file) ? passwordsSchema.parse(JSON.parse(readFileSync(file, 'utf8'))) : {};
      writeFileSync(file, `${JSON.stringify({ ...before, [id]: password }, null, 2)}\n`, { mode: 0o600 });
      count += 1;
    },
    /** Passwords that this run put there. */
    added: (): number => count,
  };
}
