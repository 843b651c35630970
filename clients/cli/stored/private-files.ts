import { chmod, lstat, mkdir } from 'node:fs/promises';

/** Bits by which group or others could read or write. */
const OTHERS = 0o077;

/** A folder or file that somebody else may have read, or planted. Nothing is read from it, nothing written to it. */
export class CacheExposed extends Error {
  override readonly name = 'CacheExposed';
}

/** Whether there is one, that only this user can read. Throws CacheExposed for any other. */
export async function checkOwn(path: string, kind: 'file' | 'folder'): Promise<boolean> {
  const found = await lstat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (!found) return false;
  const right = kind === 'file' ? found.isFile() : found.isDirectory();
  const mine = process.getuid === undefined || found.uid === process.getuid();
  if (!right || !mine || (process.platform !== 'win32' && (found.mode & OTHERS) !== 0)) {
    throw new CacheExposed(`${path} is not a ${kind} that only you can read; remove it, then try again`);
  }
  return true;
}

/** Makes a folder that only this user can read, unless there is one. Throws CacheExposed. */
export async function ownFolder(path: string): Promise<void> {
  if (await checkOwn(path, 'folder')) return;
  await mkdir(path, { recursive: true, mode: 0o700 });
  await chmod(path, 0o700);
}
