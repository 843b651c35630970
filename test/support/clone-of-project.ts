import { chmodSync, cpSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { posternProgram } from './postern-program.ts';

/** What a clone has of its own, or has not at all. */
const NOT_SHARED = new Set(['.sandbox', '.git', 'dist', 'cdk.out', '.tmp', 'config']);

/** Writes a program into a folder. */
export function writeProgram(folder: string, path: string, text: string): void {
  mkdirSync(join(folder, path, '..'), { recursive: true });
  writeFileSync(join(folder, path), text);
  chmodSync(join(folder, path), 0o755);
}

/** Makes a folder that can be taken for a clone: the project's own files, by links, and a configuration to be altered. */
export function makeClone(folder: string): void {
  for (const name of readdirSync('.').filter((entry) => !NOT_SHARED.has(entry)))
    symlinkSync(resolve(name), join(folder, name));
  cpSync('config', join(folder, 'config'), { recursive: true });
  const postern = `#!/usr/bin/env node\nawait import('${posternProgram()}');\n`;
  writeProgram(folder, 'dist/clients/postern.mjs', postern);
}
