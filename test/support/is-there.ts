import { execFileSync } from 'node:child_process';

/** Whether a program is on the path. */
export function isThere(program: string): boolean {
  try {
    execFileSync('sh', ['-c', `command -v ${program}`]);
    return true;
  } catch {
    return false;
  }
}
